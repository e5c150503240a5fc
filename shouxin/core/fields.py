"""How every form is drawn: one fragment per field, one for the whole, the same everywhere."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _


class HouseField(forms.BoundField):
    """A field whose widget wears the house's class; ticks and choices of several are drawn by their own."""

    UNDRESSED = ("checkbox", "radioselect", "checkboxselectmultiple", "hidden", "multiplehidden")

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if self.widget_type not in self.UNDRESSED:
            attrs["class"] = " ".join(filter(None, ["input", widget.attrs.get("class", "")]))
        return attrs


def _attributes(attrs: dict[str, Any]) -> str:
    said = [
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
        for name, value in attrs.items()
        if value is not False
    ]
    return mark_safe("".join(said))  # noqa: S308 - each part is escaped


def _input(widget: dict[str, Any]) -> str:
    value = widget["value"]
    told = "" if value is None else format_html(' value="{}"', str(value))
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], told, _attributes(widget["attrs"])
    )


def _option(option: dict[str, Any]) -> str:
    return format_html(
        '<option value="{}"{}>{}</option>', str(option["value"]), _attributes(option["attrs"]), option["label"]
    )


# What Django, and some of our choices, call "nothing chosen".
DASHES = {"---------", "—", "–", "-"}


def _nothing_chosen(option: dict[str, Any], *, is_required: bool) -> dict[str, Any]:
    """The empty choice in words: that one must be made, or that none was."""
    if option["value"] not in {"", None} or str(option["label"]) not in DASHES:
        return option
    return option | {"value": "", "label": _("Please choose") if is_required else _("Not chosen")}


def _select(widget: dict[str, Any]) -> str:
    drawn = []
    for name, options, _index in widget["optgroups"]:
        told = [_nothing_chosen(option, is_required=widget["required"]) for option in options]
        inside = mark_safe("".join(map(_option, told)))  # noqa: S308 - each part is escaped
        drawn.append(format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside)
    inside = mark_safe("".join(drawn))  # noqa: S308 - each part is escaped
    return format_html('<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), inside)


# The plain fields, which a page has many of, are drawn without a template for every attribute.
_PLAIN = {
    **{
        f"django/forms/widgets/{name}.html": _input
        for name in (
            "clearable_file_input", "date", "datetime", "email", "hidden", "input", "number", "password", "text",
            "time", "url",
        )
    },
    "django/forms/widgets/select.html": _select,
}  # fmt: skip


class HouseForms(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` are drawn by core/_form.html and core/_field.html."""

    def render(self, template_name, context, request=None):
        draw = None if context.get("widget", {}).get("is_initial") else _PLAIN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)

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
