"""How often the customer's door may be knocked at in an hour: by an address, for a case."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.cases.actions import open_case
from shouxin.cases.models import Case, Service, Touch
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.portal import queries, rules
from shouxin.portal.unlocking import unlock_for

LINK = "/service/link/"


@pytest.fixture
def case(cast, settings, tmp_path) -> Case:
    settings.MEDIA_ROOT = tmp_path
    return open_case(
        by=None, at=now(), service=Service.objects.get(code="A09"), channel="web", subject="問", body="問",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417", email="ya@example.com"),
    )  # fmt: skip


def asks(client, number: str, address: str = "203.0.113.7") -> int:
    about = {"number": number, "email": "ya@example.com"}
    return client.post(LINK, about | {"key": str(uuid4())}, REMOTE_ADDR=address).status_code


def test_so_many_lost_links_from_one_address_and_then_no_more_in_this_hour(case, client):
    before = ProcrastinateJob.objects.count()
    answers = [asks(client, case.number) for _time in range(rules.LOST_LINKS_PER_ADDRESS + 2)]

    assert answers == [303] * rules.LOST_LINKS_PER_ADDRESS + [429, 429]
    assert ProcrastinateJob.objects.count() - before <= rules.LOST_LINKS_PER_ADDRESS
    assert asks(client, case.number, "203.0.113.8") == 303, "others may still ask"


@pytest.mark.parametrize("limit", ["MESSAGES_PER_CASE", "MESSAGES_PER_ADDRESS"])
def test_messages_by_a_link_are_bounded_by_case_and_by_address_and_the_words_kept(case, client, monkeypatch, limit):
    monkeypatch.setattr(rules, limit, 2)
    nonce = queries.present_nonce(case)
    opened = HttpResponse()
    unlock_for(opened, case, nonce)
    client.cookies.update(opened.cookies)
    url = f"/follow/{case.number}/{rules.secret_of(case, nonce)}/messages/"
    before = Touch.objects.filter(case=case).count()

    answers = [client.post(url, {"body": f"第 {time} 則", "key": str(uuid4())}) for time in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "第 2 則" in answers[2].content.decode()
    assert Touch.objects.filter(case=case).count() - before == 2
