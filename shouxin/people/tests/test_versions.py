"""Who saves second is told what the first has changed; nothing is overwritten in silence."""

import re

import pytest

from shouxin.people.models import Staff, Team


def _filled(client, url: str) -> dict[str, str]:
    """The form as the page gives it."""
    page = client.get(url).content.decode()
    told = dict(re.findall(r'<input type="(?:text|date|email|hidden)" name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'(?s)<select name="(\w+)".*?>(.*?)</select>', page):
        told[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return told


@pytest.mark.parametrize(
    ("url", "field", "first", "second"),
    [
        ("/settings/teams/calls-1/", "name", "客服甲組", "客服乙組"),
        ("/people/staff/chang/details/", "email", "first@shouxin.example", "second@shouxin.example"),
    ],
)
def test_the_second_of_two_is_told_and_may_then_overwrite(cast, client, url, field, first, second):
    client.force_login(cast.admin)
    one, two = _filled(client, url), _filled(client, url)
    assert client.post(url, one | {field: first}).status_code == 303

    answer = client.post(url, two | {field: second})

    assert answer.status_code == 422
    assert first in answer.content.decode() and second in answer.content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())[1]
    assert client.post(url, two | {field: second, "seen": seen}).status_code == 303
    kept = [*Team.objects.values_list("name", flat=True), *Staff.objects.values_list("email", flat=True)]
    assert second in kept and first not in kept
