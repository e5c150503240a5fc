"""Fields never bear the word None: neither in a template's own markup nor in a page."""

import re

import pytest

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
        ('<input value=""><p>None</p><input value="Nonesuch">', 0),
    ],
)
def test_a_field_that_bears_none_is_seen(text, count):
    assert len(faults_in(text)) == count


def test_the_client_of_all_tests_looks_through_its_pages(client):
    assert isinstance(client, Client)


def test_no_template_writes_the_value_of_a_field_by_itself():
    assert [name_of(path) for path in files(".html") if OF_A_FIELD.search(path.read_text(encoding="utf-8"))] == []
