"""How every form is drawn: one fragment per field, one for the whole, the same everywhere."""

from django import forms
from django.forms.renderers import TemplatesSetting


class HouseField(forms.BoundField):
    """A field whose widget wears the house's class; ticks and choices of several are drawn by their own."""

    UNDRESSED = ("checkbox", "radioselect", "checkboxselectmultiple", "hidden", "multiplehidden")

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if self.widget_type not in self.UNDRESSED:
            attrs["class"] = " ".join(filter(None, ["input", widget.attrs.get("class", "")]))
        return attrs


class HouseForms(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` are drawn by core/_form.html and core/_field.html."""

    form_template_name = "core/_form.html"
    field_template_name = "core/_field.html"
    bound_field_class = HouseField


class DayInput(forms.DateInput):
    """A day, picked with the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and an hour, picked with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once, `most` of them if said (`error_messages["most"]`); the action looks at each again."""

    widget = ManyFilesInput

    def __init__(self, *, most=None, **kwargs) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data, initial=None):
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if self.most and len(files) > self.most:
            raise forms.ValidationError(self.error_messages["most"], code="most")
        return [super(ManyFilesField, self).clean(file, initial) for file in files]
