"""Fields never bear the word None, neither in a template's own markup nor in a page; an empty choice bears words."""

import re

import pytest
from django import forms

from shouxin.people.models import Staff
from tests.house import files, name_of
from tests.rendered import faults_in
from tests.sending import Client

# A bound field's value is None where nothing was posted: let the form draw the field, or hand on what was cleaned.
OF_A_FIELD = re.compile(r"""value=["']\{\{ ?\w*form\.[\w.]+\.value ?\}\}""")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('<input type="hidden" name="hours" value="None">', 1),
        ("<input name=hours value=None>", 1),
        ('<option value="None" selected>', 1),
        ("<textarea name='a'>None</textarea>", 1),
        ('<option value="" selected>---------</option>', 1),
        ('<input value=""><p>None</p><input value="Nonesuch">', 0),
    ],
)
def test_a_field_that_bears_none_or_dashes_is_seen(text, count):
    assert len(faults_in(text)) == count


def test_the_client_of_all_tests_looks_through_its_pages(client):
    assert isinstance(client, Client)


def test_no_template_writes_the_value_of_a_field_by_itself():
    assert [name_of(path) for path in files(".html") if OF_A_FIELD.search(path.read_text(encoding="utf-8"))] == []


class Choosing(forms.Form):
    must = forms.ChoiceField(choices=[("", "—"), ("a", "甲")])
    may = forms.ChoiceField(choices=[("", "---------"), ("a", "—")], required=False)
    member = forms.ModelChoiceField(Staff.objects.none())
    own = forms.ModelChoiceField(Staff.objects.none(), empty_label="全部", required=False)


def test_an_empty_choice_is_told_in_words_wherever_it_comes_from(db):
    told = {field.name: re.findall(r"<option value=\"(\w*)\"[^>]*>(.*?)<", str(field)) for field in Choosing()}
    assert told == {
        "must": [("", "請選擇"), ("a", "甲")], "may": [("", "未選擇"), ("a", "—")], "member": [("", "請選擇")],
        "own": [("", "全部")],
    }  # fmt: skip


def test_what_a_field_refuses_is_said_in_words_of_an_office():
    class Told(forms.Form):
        name = forms.CharField(max_length=3)
        email = forms.EmailField()
        count = forms.IntegerField(min_value=2)
        choice = forms.ChoiceField(choices=[("a", "甲")])

    said = Told({"email": "a@b", "count": "x", "choice": "z", "name": "１２３４"}).errors
    assert {name: list(errors) for name, errors in said.items()} == {
        "name": ["請寫在 3 個字以內（現在是 4 個字）。"], "email": ["這個電子郵件地址不完整，請再檢查一次。"],
        "count": ["請填整數。"], "choice": ["「z」不在可選的項目裡，請重新選擇。"],
    }  # fmt: skip
    assert Told({}).errors["name"] == ["請填寫這一欄。"]
    assert Told({"count": "1"}).errors["count"] == ["請填 2 以上的數。"]
