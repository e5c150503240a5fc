"""Two people at one browser, one person at two: a form's key opens no case but to whom it belongs."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from shouxin.cases.models import Case, Touch
from shouxin.portal.jobs import link_of
from tests.sending import Client

SAID = {
    "service": "A14", "subject": "想問繳費", "body": "保費什麼時候扣款?", "name": "王雅婷", "phone": "0912345417",
    "email": "ya.ting@example.com",
}  # fmt: skip


@pytest.fixture
def form(cast):
    """What somebody writes into one page of the form, whose key it carries."""
    return SAID | {"key": str(uuid4())}


def send(client: Client, said: dict):
    return client.post(reverse("portal:ask"), said)


def test_the_form_sent_twice_by_its_browser_is_one_case_with_its_link(client, form):
    client.get(reverse("portal:ask"))

    first, second = send(client, form), send(client, form)

    assert (first.status_code, second["Location"]) == (303, first["Location"])
    assert Case.objects.count() == 1


def test_other_words_under_the_same_key_open_nothing_and_are_kept(client, form):
    first = send(client, form)
    after_back = form | {"subject": "我要申訴", "body": "業務員 說可以領回,\n結果不是。", "name": "陳大同"}

    answer = send(client, after_back)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我要申訴" in page and "業務員 說可以領回" in page and "陳大同" in page
    assert first["Location"] not in page and "保費什麼時候扣款" not in page and "Location" not in answer
    assert f"/follow/{Case.objects.get().number}/" not in str(answer.cookies)
    assert Case.objects.count() == 1

    key = re.search(r'name="key" value="([0-9a-f-]+)"', page)[1]
    assert send(client, after_back | {"key": key}).status_code == 303
    assert sorted(Case.objects.values_list("claimed_name", flat=True)) == ["王雅婷", "陳大同"]


@pytest.mark.parametrize("has_seen_the_form", [True, False])
def test_another_browser_with_the_same_key_and_words_gets_no_link(client, form, has_seen_the_form):
    first, other = send(client, form), Client()
    if has_seen_the_form:
        other.get(reverse("portal:ask"))

    answer = send(other, form)

    assert answer.status_code == 409
    assert first["Location"] not in answer.content.decode() and "unlocked" not in answer.cookies


def test_a_second_message_under_the_same_key_is_not_dropped_in_silence(client, form):
    send(client, form)
    url = link_of(Case.objects.get()).split("/", 3)[3]
    key = str(uuid4())
    client.post(f"/{url}messages/", {"body": "第一句", "key": key})

    same = client.post(f"/{url}messages/", {"body": "第一句", "key": key})
    other = client.post(f"/{url}messages/", {"body": "第二句 不一樣", "key": key})

    assert (same.status_code, other.status_code) == (303, 409)
    assert "第二句 不一樣" in other.content.decode()
    assert Touch.objects.count() == 2


def test_the_forms_and_the_case_are_kept_by_no_browser(client, form):
    asking, sent = client.get(reverse("portal:ask")), send(client, form)

    assert (asking["Cache-Control"], sent["Cache-Control"]) == ("no-store", "no-store")
    assert "no-store" in client.get(sent["Location"])["Cache-Control"]
