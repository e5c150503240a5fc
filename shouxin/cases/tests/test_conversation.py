"""What is said in a case."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shouxin.cases.actions import (
    assign,
    close,
    no_answer_needed,
    note,
    receive,
    reopen,
    reply,
    save_draft,
    take_next,
)
from shouxin.cases.models import Case, Draft, Touch, WorkItem
from shouxin.cases.rules import Closing, ClosingReason
from shouxin.cases.tests.answering import answer
from shouxin.core import guards
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.links import link_for
from shouxin.core.rights import NotAllowed
from shouxin.people.models import Staff
from shouxin.people.notices import notify
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def case(cast, opened) -> Case:
    return assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)


def told(case: Case, audience: Audience = Audience.STAFF):
    """What this room told of the case, the latest first."""
    return [entry for entry in timeline(case.ref, audience) if not entry.kind.startswith("Promise")]


def latest(case: Case):
    return told(case)[0]


def test_the_first_answer_says_how_long_the_customer_waited(cast, case):
    reply(case, by=cast.lin, body="王小姐您好,已請理賠部查明。", at=LATER)
    reply(case, by=cast.lin, body="補充說明如下。", at=LATER + timedelta(hours=1))

    second, first = told(case, Audience.CUSTOMER)[:2]
    assert (first.data["first"], first.seconds, first.working_seconds) == (True, 3600, 3600)
    assert (second.data["first"], second.seconds) == (False, None)
    case.refresh_from_db()
    assert (case.state, case.first_replied_at, case.touch_count) == ("answered", LATER, 3)


def test_a_reply_sent_twice_by_a_shaky_line_is_one(cast, case):
    key = uuid4()

    first = reply(case, by=cast.lin, body="您好", at=LATER, key=key)
    second = reply(case, by=cast.lin, body="您好", at=LATER, key=key)

    assert first == second
    assert Touch.objects.filter(case=case, direction="outbound").count() == 1


def test_the_customer_writes_again_and_the_case_is_open_again(cast, case):
    reply(case, by=cast.lin, body="您好", at=LATER)

    receive(case, body="可是還是沒收到", channel="web", at=LATER + timedelta(days=1))

    case.refresh_from_db()
    assert case.state == "open"
    assert latest(case).content == {"body": "可是還是沒收到"}


def test_a_note_is_never_shown_to_the_customer(cast, case):
    note(case, by=cast.chen, body="他上個月也來過電話", at=LATER)

    assert latest(case).content == {"body": "他上個月也來過電話"}
    assert "NoteWritten" not in {entry.kind for entry in timeline(case.ref, Audience.CUSTOMER)}


def test_a_colleague_who_does_not_serve_the_case_does_not_answer_in_it(cast, case):
    with pytest.raises(NotAllowed):
        reply(case, by=cast.chen, body="我來回", at=LATER)

    assert Touch.objects.filter(direction="outbound").count() == 0


def test_a_draft_is_kept_until_it_is_sent(cast, case):
    save_draft(case, by=cast.lin, body="王小姐您")
    save_draft(case, by=cast.lin, body="王小姐您好")

    assert [draft.body for draft in Draft.objects.all()] == ["王小姐您好"]
    reply(case, by=cast.lin, body="王小姐您好。", at=LATER)
    assert list(Draft.objects.all()) == []


def test_closing_says_why_and_how_long_it_took(cast, case):
    answer(case, by=cast.lin, at=LATER)
    close(case, by=cast.lin, reason=ClosingReason.GRANTED, at=NOON + timedelta(days=2))

    case.refresh_from_db()
    assert (case.state, case.closing_reason) == ("closed", "granted")
    fact = latest(case)
    assert (fact.kind, fact.data["reason"], fact.seconds) == ("CaseClosed", "granted", 2 * 86400)
    assert (fact.dims["outcome"], fact.dims["team"]) == ("granted", "complaints-1")
    assert WorkItem.objects.count() == 0


def test_a_room_above_may_refuse_the_closing(cast, case, monkeypatch):
    monkeypatch.setitem(guards.GUARDS, Closing, [lambda intention: f"{intention.case} has no final letter"])

    with pytest.raises(Refused, match="no final letter"):
        close(case, by=cast.lin, reason="answered", at=LATER)

    case.refresh_from_db()
    assert case.state == "open"


def test_a_closed_case_is_not_closed_again(cast, case):
    answer(case, by=cast.lin, at=LATER)
    close(case, by=cast.lin, reason="answered", at=LATER)

    with pytest.raises(Refused):
        close(case, by=cast.lin, reason="answered", at=LATER)

    assert [e.kind for e in timeline(case.ref, Audience.STAFF)].count("CaseClosed") == 1


@pytest.fixture
def thanked(cast, case) -> Case:
    """Answered and closed; three days later the customer writes again."""
    answer(case, by=cast.lin, at=LATER)
    close(case, by=cast.lin, reason="answered", at=LATER)
    receive(case, body="謝謝你們", channel="email", at=LATER + timedelta(days=3))
    return Case.objects.with_people().get(pk=case.pk)


def test_who_writes_to_a_closed_case_does_not_open_it_but_is_heard(cast, thanked):
    assert (thanked.state, thanked.reopen_count, thanked.closed_at) == ("closed", 0, LATER)
    assert thanked.wrote_at == LATER + timedelta(days=3)
    assert WorkItem.objects.get(subject=str(thanked.ref)).officer == cast.lin
    told = [(e.kind, e.data.get("after_closing")) for e in timeline(thanked.ref, Audience.STAFF)]
    assert ("TouchReceived", True) in told and "CaseReopened" not in dict(told)
    assert not Promise.objects.about(thanked.ref).owed().exists()


def test_who_has_left_gives_it_to_whoever_is_free(cast, case):
    answer(case, by=cast.lin, at=LATER)
    close(case, by=cast.lin, reason="answered", at=LATER)
    Staff.objects.filter(pk=cast.lin.pk).update(is_active=False)
    receive(case, body="還有一個問題", channel="email", at=LATER + timedelta(days=3))

    assert WorkItem.objects.get(subject=str(case.ref)).officer is None
    assert take_next(cast.chen, at=LATER + timedelta(days=3)) is not None
    case.refresh_from_db()
    assert (case.state, case.officer) == ("closed", cast.chen)


def test_thanks_are_noted_and_the_case_stays_as_it_ended(cast, thanked):
    for _twice in range(2):
        no_answer_needed(thanked, by=cast.lin, at=LATER + timedelta(days=4))

    thanked.refresh_from_db()
    assert (thanked.state, thanked.wrote_at) == ("closed", None)
    assert [e.kind for e in timeline(thanked.ref, Audience.STAFF)].count("NoAnswerNeeded") == 1
    assert not WorkItem.objects.filter(subject=str(thanked.ref)).exists()


def test_an_answer_after_closing_settles_the_notice_of_it(cast, thanked):
    asked = notify(cast.lin, "結案後客戶來訊", url=link_for(thanked.ref), at=LATER + timedelta(days=3))
    reply(thanked, by=cast.lin, body="不客氣", at=LATER + timedelta(days=4))

    asked.refresh_from_db()
    assert asked.read_at == LATER + timedelta(days=4)


def test_an_answer_after_closing_leaves_it_closed_and_promises_nothing(cast, thanked):
    given = Given("callback", LATER + timedelta(days=9))
    with pytest.raises(Refused, match="已結"):
        reply(thanked, by=cast.lin, body="不客氣", at=LATER + timedelta(days=4), given=given)
    reply(thanked, by=cast.lin, body="不客氣", at=LATER + timedelta(days=4))

    thanked.refresh_from_db()
    assert (thanked.state, thanked.wrote_at, thanked.closed_at) == ("closed", None, LATER)
    assert not Promise.objects.about(thanked.ref).owed().exists()
    assert not WorkItem.objects.filter(subject=str(thanked.ref)).exists()


def test_an_officer_opens_it_again_and_it_is_promised_an_answer_again(cast, thanked):
    reopen(thanked, by=cast.lin, reason="還有附約沒有辦", at=LATER + timedelta(days=4))

    thanked.refresh_from_db()
    assert (thanked.state, thanked.wrote_at, thanked.reopen_count) == ("open", None, 1)
    assert {p.rule for p in Promise.objects.about(thanked.ref).owed()} == {"CO-01", "CO-06"}


def test_reopening_needs_a_reason(cast, case):
    answer(case, by=cast.lin, at=LATER)
    close(case, by=cast.lin, reason="answered", at=LATER)
    with pytest.raises(Refused):
        reopen(case, by=cast.lin, reason="", at=LATER)

    reopen(case, by=cast.lin, reason="漏了附約的部分", at=LATER)

    case.refresh_from_db()
    assert (case.state, case.reopen_count) == ("open", 1)
