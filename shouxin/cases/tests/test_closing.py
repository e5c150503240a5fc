"""A word kept is kept by an act: closing a case keeps nothing, and says of each promise what became of it."""

from datetime import timedelta

import pytest

from shouxin.cases.actions import assign, call_missed, close, hand_over, pause_clocks, receive, reply
from shouxin.cases.keeping import to_settle
from shouxin.cases.models import Case
from shouxin.cases.rules import Settled, StillOwed
from shouxin.cases.tests.answering import answer
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.promises.firing import break_due
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.queries import clocks_about
from shouxin.record.queries import timeline
from tests.cast import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALLBACK = Given("callback", NOON + 5 * DAY)


@pytest.fixture
def case(cast, opened) -> Case:
    return assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)


def states(case: Case) -> dict[str, str]:
    return dict(Promise.objects.about(case.ref).values_list("rule", "state"))


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_a_case_closed_without_a_word_is_not_closed_at_all(cast, case):
    for reason in ("answered", "granted", "partly", "declined", "no_reply"):
        with pytest.raises(StillOwed, match="第一次回覆, 諮詢答覆"):
            close(case, by=cast.lin, reason=reason, at=NOON + HOUR)
    assert states(case) == {"CO-01": "running", "CO-06": "running"}
    assert state_of(case) == "open"


@pytest.mark.parametrize("reason", ["withdrawn", "duplicate", "not_ours"])
def test_where_the_matter_is_over_what_runs_is_withdrawn_and_what_was_due_stays_broken(cast, case, reason):
    reply(case, by=cast.lin, body="會回電", given=CALLBACK, at=NOON + 8 * HOUR)
    close(case, by=cast.lin, reason=reason, at=NOON + 4 * DAY)

    assert states(case) == {"CO-01": "kept", "CO-06": "broken", "given-callback": "withdrawn"}
    enquiry = Promise.objects.about(case.ref).get(rule="CO-06")
    broken = next(e for e in timeline(case.ref, Audience.STAFF) if e.kind == "PromiseBroken")
    assert (broken.happened_at, enquiry.ended_reason) == (enquiry.due_at, reason)


def test_a_promised_call_is_not_kept_by_an_attempt_nor_by_closing(cast, case):
    answer(case, by=cast.lin, at=NOON + HOUR)
    reply(case, by=cast.lin, body="會回電", given=CALLBACK, at=NOON + HOUR)
    call_missed(case, by=cast.lin, body="沒有接通", at=NOON + DAY)
    with pytest.raises(StillOwed, match="回電給您"):
        close(case, by=cast.lin, reason="granted", at=NOON + DAY)
    assert states(case)["given-callback"] == "running"

    reply(case, by=cast.lin, body="通話中說明了", channel="phone", at=NOON + 2 * DAY)
    kept = Promise.objects.about(case.ref).get(rule="given-callback")
    assert (kept.state, kept.act, kept.ended_at) == ("kept", "call_reached", NOON + 2 * DAY)
    assert state_of(close(case, by=cast.lin, reason="granted", at=NOON + 2 * DAY)) == "closed"


def test_a_call_that_reached_nobody_is_an_attempt_and_no_first_reply(cast, case):
    call_missed(case, by=cast.lin, body="沒有接通，答應再打", given=CALLBACK, at=NOON + HOUR)

    assert states(case) == {"CO-01": "running", "CO-06": "running", "given-callback": "running"}
    assert Case.objects.get(pk=case.pk).first_replied_at is None
    kinds = [entry.kind for entry in timeline(case.ref, Audience.STAFF)]
    assert kinds.count("CallMissed") == 1 and "ReplySent" not in kinds
    assert "CallMissed" not in [entry.kind for entry in timeline(case.ref, Audience.CUSTOMER)]


def test_done_by_a_contact_of_the_case_and_not_before_it(cast, opened):
    case = assign(opened("A06"), by=cast.lin, to=cast.lin, at=NOON)
    told = reply(case, by=cast.lin, body="解約金已匯出", at=NOON + DAY)
    (owed,) = Promise.objects.about(case.ref).owed()
    assert (owed.rule, owed.state) == ("TW-03", "running")
    for wrong in (NOON, NOON + 3 * DAY):
        with pytest.raises(Refused, match="早於"):
            close(case, by=cast.lin, reason="granted", at=NOON + 2 * DAY,
                  settled=[Settled(promise=owed.pk, touch=told.pk, at=wrong)])  # fmt: skip

    close(case, by=cast.lin, reason="granted", at=NOON + 2 * DAY, settled=[Settled(promise=owed.pk, touch=told.pk)])

    owed.refresh_from_db()
    assert (owed.state, owed.act, owed.ended_at, owed.act_fact) == ("kept", "payment", NOON + DAY, told.fact)


def test_what_was_said_before_the_promise_or_along_with_it_has_not_kept_it(cast, case):
    earlier = answer(case, by=cast.lin, at=NOON + HOUR)
    giving = reply(case, by=cast.lin, body="會寄文件", given=Given("papers", NOON + DAY), at=NOON + 2 * HOUR)
    owed = Promise.objects.about(case.ref).get(rule="given-papers")
    assert [each.done_by for each in to_settle(case, NOON + 3 * HOUR)] == [[]]
    for touch in (earlier, giving):
        with pytest.raises(Refused, match="不能算兌現"):
            close(case, by=cast.lin, reason="granted", at=NOON + 3 * HOUR,
                  settled=[Settled(promise=owed.pk, touch=touch.pk)])  # fmt: skip
    owed.refresh_from_db()
    assert owed.state == "running"

    later = reply(case, by=cast.lin, body="已寄出", at=NOON + 3 * HOUR)
    assert [key for key, _label in to_settle(case, NOON + 4 * HOUR)[0].done_by] == [str(later.pk)]
    close(case, by=cast.lin, reason="granted", at=NOON + 4 * HOUR, settled=[Settled(promise=owed.pk, touch=later.pk)])
    owed.refresh_from_db()
    assert (owed.state, owed.act, owed.act_fact) == ("kept", "done", later.fact)


def test_a_term_of_days_ends_at_24_hours_of_its_last_day_on_the_closing_form_as_on_its_clock(cast, case):
    told = {each.title: each.due for each in to_settle(case, NOON)}
    clocks = clocks_about(case.ref, at=NOON, audience=Audience.STAFF)

    assert told == {"第一次回覆": "11/25(三)\u200924:00", "諮詢答覆": "11/27(五)\u200924:00"}
    assert told == {clock.title: clock.due_on_wall for clock in clocks}


def test_the_customer_releases_us_in_their_own_words(cast, case):
    answer(case, by=cast.lin, at=NOON + HOUR)
    reply(case, by=cast.lin, body="會回電", given=CALLBACK, at=NOON + HOUR)
    owed = Promise.objects.about(case.ref).get(rule="given-callback")
    with pytest.raises(Refused):
        close(case, by=cast.lin, reason="answered", at=NOON + DAY, settled=[Settled(promise=owed.pk)])

    close(case, by=cast.lin, reason="answered", at=NOON + DAY, settled=[Settled(promise=owed.pk, words="不用打了")])

    owed.refresh_from_db()
    assert (owed.state, owed.ended_reason, owed.act) == ("withdrawn", "released", "")
    told = next(e for e in timeline(case.ref, Audience.STAFF) if e.kind == "PromiseWithdrawn")
    assert (told.content, "words" in told.data) == ({"words": "不用打了"}, False)


def test_an_overdue_promise_stays_broken_though_the_customer_released_us(cast, case):
    answer(case, by=cast.lin, at=NOON + HOUR)
    reply(case, by=cast.lin, body="會回電", given=CALLBACK, at=NOON + HOUR)
    owed = Promise.objects.about(case.ref).get(rule="given-callback")
    close(case, by=cast.lin, reason="answered", at=NOON + 9 * DAY, settled=[Settled(promise=owed.pk, words="算了")])

    owed.refresh_from_db()
    assert (owed.state, owed.broken_at, owed.ended_at) == ("broken", CALLBACK.until, NOON + 9 * DAY)
    assert break_due(NOON + 10 * DAY) == 0


def test_the_breach_is_that_of_whoever_served_the_case_when_it_fell_due(cast, case):
    due_at = Promise.objects.about(case.ref).get(rule="CO-01").due_at
    hand_over(case, by=cast.lin, to=cast.chen, reason="輪班", at=due_at + 9 * HOUR)
    break_due(due_at + 10 * HOUR)

    broken = next(e for e in timeline(case.ref, Audience.STAFF) if e.kind == "PromiseBroken")
    assert (broken.data["officer"], broken.happened_at) == (str(cast.lin.ref), due_at)


@pytest.mark.parametrize("by_staff", [False, True])
def test_the_customers_answer_ends_the_pause_that_waited_for_it(cast, case, by_staff):
    pause_clocks(case, by=cast.lin, reason="waiting_for_customer", waiting_for="等客戶回覆", at=NOON + HOUR)
    receive(case, body="好的", channel="phone", by=cast.lin if by_staff else None, at=NOON + DAY)

    enquiry = Promise.objects.about(case.ref).get(rule="CO-06")
    assert (enquiry.state, enquiry.pauses.get().resumed_at) == ("running", NOON + DAY)
    assert Case.objects.get(pk=case.pk).due_at == Promise.objects.about(case.ref).get(rule="CO-01").due_at


def test_a_pause_for_something_else_goes_on_when_the_customer_writes(cast, opened):
    case = assign(opened("A04"), by=cast.lin, to=cast.lin, at=NOON)
    assert receive(case, body="謝謝", channel="web", at=NOON + HOUR).direction == "inbound"
    assert state_of(case) == "open"
