"""Who saves second is told what the first has changed; nothing is overwritten in silence."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from shouxin.people.models import OfficeHours, Staff, Team
from tests.cast import make_cast
from tests.sending import Client


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/settings/teams/calls-1/", {"code": "calls-1", "name": "別的名字"}),
        ("/people/staff/chang/details/", {"name": "別的名字", "post": "CC", "joined_on": "2020-03-02"}),
        ("/people/staff/chang/skills/", {}),
        ("/settings/company/", {"name": "別的名字"}),
        ("/settings/mail/", {"mail_host": "", "mail_port": 25, "mail_security": "none"}),
        ("/settings/offices/taipei/hours/", {"from_on": "2026-12-01", "day0": "09:00-12:00"}),
    ],
)
def test_without_the_version_that_was_read_nothing_is_saved_and_the_form_comes_back(cast, client, url, told):
    client.force_login(cast.admin)
    before = list(Team.objects.values()), list(Staff.objects.values()), OfficeHours.objects.count()

    answer = client.post(url, told)

    assert answer.status_code == 422
    assert "還沒有存" in answer.content.decode() and 'name="seen" value="' in answer.content.decode()
    assert (list(Team.objects.values()), list(Staff.objects.values()), OfficeHours.objects.count()) == before


def test_the_hours_of_an_office_are_not_overwritten_either(cast, client):
    client.force_login(cast.admin)
    url = "/settings/offices/taipei/hours/"
    two = re.search(r'name="seen" value="([^"]+)"', client.get(url).content.decode())[1]
    assert client.send(url, {"from_on": "2026-12-01", "day0": "10:00-12:00"}).status_code == 303

    answer = client.post(url, {"from_on": "2026-12-01", "day0": "09:00-12:00", "seen": two})

    assert answer.status_code == 422 and "10:00-12:00" in answer.content.decode()
    assert list(OfficeHours.objects.values_list("opens_minute", flat=True)) == [600]


@pytest.mark.database
def test_of_two_saved_at_once_exactly_one_wins(own_database):
    """Two connections send the same form, read at the same version, at the same moment."""
    cast = make_cast()
    url = "/settings/teams/calls-1/"
    both = [Client(), Client()]
    for each in both:
        each.force_login(cast.admin, backend="shouxin.people.backends.StaffBackend")
    filled, ready = _filled(both[0], url), Barrier(2)

    def send(client: Client, name: str) -> int:
        try:
            ready.wait(20)
            return client.post(url, filled | {"name": name, "key": str(uuid4())}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, both, ("客服甲組", "客服乙組")))

    assert sorted(answers) == [303, 422]
    assert Team.objects.get(code="calls-1").name == ("客服甲組", "客服乙組")[answers.index(303)]


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
