"""What must be done in writing no telephone call keeps, nor a talk at the counter; both keep what may be spoken."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, close, record_event, reply
from shouxin.cases.channels import is_spoken
from shouxin.cases.keeping import proposed, to_settle
from shouxin.cases.models import Case, Touch
from shouxin.cases.rules import EVERY_REPLY, Claimant, Settled, named_act
from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.jurisdictions.acts import ALWAYS_WRITTEN, Act, may_be_spoken
from shouxin.jurisdictions.packs import packs
from shouxin.people.models import Branch
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.queries import clocks_about
from shouxin.promises.terms import form_of
from tests.cast import NOON

DAY = timedelta(days=1)
SPOKEN = ("phone", "counter")
IN_WRITING = {
    "CN-04", "CN-57", "CO-15", "TW-51", "UK-02", "UK-03", "US-06-OH", "US-08b-TX", "US-09d-CA", "US-10e-VA",
    "US-17-AK", "US-17b-AK", "US-17c-AK", "US-18b-PA", "US-18c-PA",
}  # fmt: skip


def owed(case: Case, rule: str) -> Promise:
    return Promise.objects.about(case.ref).get(rule=rule)


@pytest.fixture
def declined(cast, opened) -> Case:
    """A claim that was declined: the customer is to be told in writing (CO-15)."""
    case = assign(opened("A10"), by=cast.chou, to=cast.wu, at=NOON)
    record_event(case, by=cast.wu, event="claim_decided", at=NOON + DAY, said_at=NOON + DAY)
    return Case.objects.get(pk=case.pk)


def test_the_rules_that_demand_writing_are_those_whose_text_says_so():
    rules = [rule for each in packs() for rule in each.rules]

    assert {rule.id for rule in rules if rule.form == "written"} == IN_WRITING


@pytest.mark.parametrize("rule", [rule for each in packs() for rule in each.rules if rule.kept_by], ids=lambda r: r.id)
def test_no_spoken_word_keeps_what_is_written(rule):
    must_be_written = rule.form == "written" or set(rule.kept_by) <= ALWAYS_WRITTEN
    spoken = named_act(rule.kept_by, is_spoken=True, form=rule.form)
    spoken_by_itself = [act for act in rule.kept_by if act in EVERY_REPLY and may_be_spoken(act, rule.form)]

    assert not (must_be_written and (spoken or spoken_by_itself))
    assert spoken not in ALWAYS_WRITTEN


@pytest.mark.parametrize("channel", SPOKEN)
def test_a_refusal_that_was_only_spoken_is_still_owed_in_writing(cast, declined, channel):
    promise = owed(declined, "CO-15")
    with pytest.raises(Refused, match="書面"):
        reply(declined, by=cast.wu, body="口頭說明", channel=channel, keeps=(promise.pk,), at=NOON + DAY * 2)
    promise.refresh_from_db()
    assert (promise.state, promise.act) == ("running", "")

    told = reply(declined, by=cast.wu, body="婉拒的理由如下。", keeps=(promise.pk,), at=NOON + DAY * 2)
    promise.refresh_from_db()
    assert (promise.state, promise.act, promise.act_fact) == ("kept", "notice", told.fact)


@pytest.mark.parametrize("channel", SPOKEN)
def test_closing_offers_no_spoken_word_for_it_and_takes_none_from_a_posted_key(cast, declined, channel):
    promise = owed(declined, "CO-15")
    talk = reply(declined, by=cast.wu, body="口頭說明", channel=channel, at=NOON + DAY * 2)
    offered = {each.id: each.done_by for each in to_settle(declined, NOON + DAY * 3)}

    assert offered[promise.pk] == []
    with pytest.raises(Refused, match="書面"):
        close(declined, by=cast.wu, reason="declined", at=NOON + DAY * 3,
              settled=[Settled(promise=promise.pk, touch=talk.pk)])  # fmt: skip


def test_the_composer_marks_what_a_call_does_not_keep(declined):
    clocks = clocks_about(declined.ref, at=NOON + DAY, audience=Audience.STAFF)
    marked = {kept.value: kept.is_written for kept in proposed(declined, clocks)}

    assert marked[str(owed(declined, "CO-15").pk)] is True
    assert marked[str(owed(declined, "CO-01").pk)] is False


def test_the_written_acknowledgement_of_alaska_is_no_call(cast, opened):
    anchorage = Branch.objects.create(code="anchorage", name="Anchorage", jurisdiction="US-AK", place="Anchorage")
    case = assign(opened("A10", branch=anchorage), by=cast.lin, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="we called", channel="phone", at=NOON + DAY)
    assert (owed(case, "CO-01").state, owed(case, "US-17c-AK").state) == ("kept", "running")

    letter = reply(case, by=cast.lin, body="We have your claim.", at=NOON + DAY * 2)
    kept = owed(case, "US-17c-AK")
    assert (kept.state, kept.act, kept.act_fact) == ("kept", "acknowledgement", letter.fact)


def test_a_promise_made_before_rules_named_a_form_goes_by_todays(declined):
    refusal, first = owed(declined, "CO-15"), owed(declined, "CO-01")
    for promise in (refusal, first):
        promise.terms = {name: value for name, value in promise.terms.items() if name != "form"}

    assert (form_of(refusal), form_of(first)) == ("written", "")


def test_what_was_said_face_to_face_is_written_down_as_such_and_keeps_like_a_call(cast, opened, client):
    at = now() - timedelta(hours=1)
    case = assign(opened("A14", channel="counter", at=at), by=cast.lin, to=cast.lin, at=at)
    reply(case, by=cast.lin, body="會回電", given=Given("callback", now() + DAY), at=at)
    answer = owed(case, "CO-06")
    client.force_login(cast.lin)
    page = client.get(reverse("cases:page", args=[case.number])).content.decode()
    assert 'value="met"' in page and "當面說明" in page

    said = {"kind": "met", "caller": "us", "body": "當面說明了辦法。", "keeps": [str(answer.pk)]}
    client.post(reverse("cases:touches", args=[case.number]), said)

    talk = Touch.objects.filter(case=case).latest("pk")
    assert (talk.channel, talk.direction, list(talk.letters.all())) == ("counter", "outbound", [])
    states = Promise.objects.about(case.ref).values_list("rule", "state", "act")
    assert set(states) == {
        ("CO-01", "kept", "reply"), ("CO-06", "kept", "answer"), ("given-callback", "kept", "call_reached"),
    }  # fmt: skip


@pytest.mark.parametrize("channel", ["phone", "counter", "walk_in"])
def test_what_is_typed_to_who_gave_no_address_is_text_on_the_page_and_no_call(cast, opened, channel):
    case = opened("A14", channel=channel, claimant=Claimant(name="王雅婷", phone="0912345417"))
    case = assign(case, by=cast.lin, to=cast.lin, at=NOON)
    typed = reply(case, by=cast.lin, body="寫在頁面上", given=Given("callback", NOON + DAY), at=NOON + DAY / 4)

    assert (typed.channel, is_spoken(typed.channel)) == ("web", False)
    assert owed(case, "given-callback").state == "running"
    assert named_act((Act.CALL_REACHED,), is_spoken=is_spoken(typed.channel)) is None
