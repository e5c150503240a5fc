import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from shouxin.core.fields import DayInput, HouseForms, MomentInput


class Asking(forms.Form):
    name = forms.CharField(label="姓名", help_text="與證件相同")
    agrees = forms.BooleanField(label="同意", required=False)


def test_a_field_is_drawn_with_its_label_its_help_and_the_houses_class():
    html = str(Asking())

    assert '<div class="field">' in html
    assert 'class="input"' in html.split("agrees")[0]
    assert 'aria-describedby="id_name_helptext"' in html and 'id="id_name_helptext"' in html
    assert '<label class="tick" for="id_agrees">' in html


def test_a_wrong_field_says_what_is_wrong_and_is_tied_to_it():
    html = str(Asking({"name": ""}))

    assert "field--wrong" in html
    assert 'id="id_name_error"' in html and 'aria-invalid="true"' in html


class Plainly(forms.Form):
    name = forms.CharField(max_length=9, help_text="x<y")
    mail = forms.EmailField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    count = forms.IntegerField(min_value=1, initial=3)
    day = forms.DateField(widget=DayInput)
    moment = forms.DateTimeField(widget=MomentInput)
    key = forms.CharField(widget=forms.HiddenInput, initial='a"b')
    file = forms.FileField(required=False, widget=forms.ClearableFileInput({"accept": ".pdf"}))
    one = forms.ChoiceField(choices=[("", "請挑一項"), ("a&b", "A & B"), ("group", [("c", "<c>"), ("d", "d")])])


@pytest.mark.parametrize("data", [None, {"name": '"><b>', "count": "0", "one": "d", "day": "2026-01-32", "key": ""}])
def test_fields_drawn_without_templates_are_those_of_django(data):
    def drawn(renderer):
        form = Plainly(data, renderer=renderer)
        return [re.sub(r">\s+<", "><", str(form[name])).strip() for name in form.fields]

    class Templates(TemplatesSetting):
        bound_field_class = HouseForms.bound_field_class

    assert drawn(HouseForms()) == drawn(Templates())
