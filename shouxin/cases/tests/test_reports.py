"""While a complaint is open the customer hears every ten working days how it stands: promised, kept, promised anew."""

from datetime import timedelta

import pytest

from shouxin.cases.actions import assign, change, close, note, open_case, receive, reply, request_papers, tell
from shouxin.cases.models import Case, Service
from shouxin.cases.tests.answering import answer
from shouxin.core.audience import Audience
from shouxin.people.models import Branch
from shouxin.promises.firing import break_due
from shouxin.promises.models import Promise
from shouxin.promises.queries import clocks_about
from shouxin.record.queries import timeline
from tests.cast import NOON

DAY = timedelta(days=1)


@pytest.fixture
def case(cast, opened) -> Case:
    return assign(opened("A15"), by=cast.lin, to=cast.lin, at=NOON)


def reports(case: Case, rule: str = "CO-03") -> list[tuple]:
    """The promised reports in their order: from when, how they stand."""
    return list(Promise.objects.about(case.ref).filter(rule=rule).order_by("pk").values_list("start_at", "state"))


def claim_in(cast, state: str) -> Case:
    branch = Branch.objects.create(code=state.lower(), name=state, jurisdiction=state)
    case = open_case(
        service=Service.objects.get(pk="A12"), channel="web", subject="Claim", body="Any news?", branch=branch,
        by=None, at=NOON,
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(officer=cast.lin, state="open")
    return Case.objects.with_people().get(pk=case.pk)


def test_a_report_is_promised_when_a_complaint_comes_in(cast, case):
    made = Promise.objects.about(case.ref).get(rule="CO-03")

    assert reports(case) == [(NOON, "running")]
    assert made.due_at.astimezone(NOON.tzinfo).date().isoformat() == "2026-12-09"  # 12/8 is the tenth working day
    assert "CO-03" in {entry.rule for entry in timeline(case.ref, Audience.CUSTOMER) if entry.kind == "PromiseMade"}


def test_the_table_calls_its_start_what_it_was(cast, case):
    """Nobody reported anything when a complaint came in, when it was opened again, or before the first answer."""

    def begins(at) -> str:
        clocks = clocks_about(case.ref, at=at, audience=Audience.CUSTOMER)
        (open_report,) = (clock for clock in clocks if clock.reading.promise.rule == "CO-03" and clock.is_ticking)
        return open_report.steps[1].label

    assert begins(NOON) == "收到申訴"
    reply(case, by=cast.lin, body="還在查。", at=NOON + DAY, reports=True)
    assert begins(NOON + DAY) == "上次說明"
    made = [e.data["begun_by"] for e in timeline(case.ref, Audience.STAFF) if e.rule == "CO-03" and "Made" in e.kind]
    assert sorted(made) == ["complaint_received", "last_report"]


def test_of_promises_made_before_it_was_written_down_no_event_is_claimed(case):
    Promise.objects.about(case.ref).update(begun_by="")
    steps = {clock.reading.promise.rule: clock.steps[1].label for clock in clocks_about(
        case.ref, at=NOON, audience=Audience.CUSTOMER
    )}  # fmt: skip

    assert (steps["CO-03"], steps["TW-14"], steps["CO-04"]) == ("起算", "起算", "收到申訴")


def test_customer_and_staff_see_its_clock(case):
    for audience in (Audience.CUSTOMER, Audience.STAFF):
        assert "進度說明" in [clock.title for clock in clocks_about(case.ref, at=NOON, audience=audience)]


def test_of_the_reports_that_were_given_only_the_last_has_a_clock(cast, case):
    for days in (1, 2, 3):
        reply(case, by=cast.lin, body="還在查。", at=NOON + days * DAY, reports=True)

    def shown() -> list[str]:
        found = clocks_about(case.ref, at=NOON + 4 * DAY, audience=Audience.CUSTOMER)
        return [clock.state for clock in found if clock.title == "進度說明"]

    assert shown() == ["running"]
    Case.objects.filter(pk=case.pk).update(service="A14")
    reply(Case.objects.get(pk=case.pk), by=cast.lin, body="改為諮詢辦理。", at=NOON + 4 * DAY, reports=True)
    assert shown() == ["kept"]


def test_an_answer_that_reports_keeps_it_and_promises_the_next_from_there(cast, case):
    reply(case, by=cast.lin, body="還在查。", at=NOON + DAY, reports=True)
    reply(case, by=cast.lin, body="仍在查。", at=NOON + 8 * DAY, reports=True)

    assert reports(case) == [(NOON, "kept"), (NOON + DAY, "kept"), (NOON + 8 * DAY, "running")]
    assert [p.act for p in Promise.objects.about(case.ref).filter(rule="CO-03", state="kept")] == ["report"] * 2


def test_an_answer_that_does_not_say_how_things_stand_is_no_report(cast, case):
    reply(case, by=cast.lin, body="您好，已收到。", at=NOON + DAY)
    reply(case, by=cast.lin, body="附件已轉給理賠部。", at=NOON + 2 * DAY)
    request_papers(case, by=cast.lin, papers=["statement"], body="請補下列文件", at=NOON + 3 * DAY)

    assert reports(case) == [(NOON, "running")]


def test_what_is_no_answer_of_a_person_keeps_nothing(cast, case):
    note(case, by=cast.lin, body="等理賠部回覆", at=NOON + DAY)
    receive(case, body="有消息嗎?", channel="web", at=NOON + DAY)
    tell(case, title="新的日期", body="日期改了。", told_of=[1], at=NOON + DAY)

    assert reports(case) == [(NOON, "running")]


def test_nobody_reports_and_it_is_broken_until_somebody_does(cast, case):
    break_due(NOON + 20 * DAY)
    reply(case, by=cast.lin, body="讓您久等了。", at=NOON + 21 * DAY, reports=True)

    assert reports(case) == [(NOON, "broken"), (NOON + 21 * DAY, "running")]
    assert Promise.objects.about(case.ref).get(rule="CO-03", state="broken").ended_at == NOON + 21 * DAY


def test_it_ends_with_the_case_because_there_is_nothing_to_report_any_more(cast, opened):
    case = assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)
    change(case, by=cast.lin, service=Service.objects.get(pk="A15"), at=NOON)
    change(case, by=cast.lin, service=Service.objects.get(pk="A14"), at=NOON)
    answer(case, by=cast.lin, at=NOON + DAY)

    close(case, by=cast.lin, reason="answered", at=NOON + 2 * DAY)

    ended = Promise.objects.about(case.ref).get(rule="CO-03")
    assert (ended.state, ended.ended_reason, ended.act) == ("withdrawn", "case_closed", "")


def test_a_report_that_was_due_before_the_closing_stays_broken(cast, opened):
    case = assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)
    change(case, by=cast.lin, service=Service.objects.get(pk="A15"), at=NOON)
    change(case, by=cast.lin, service=Service.objects.get(pk="A14"), at=NOON)
    answer(case, by=cast.lin, at=NOON + DAY)

    close(case, by=cast.lin, reason="answered", at=NOON + 20 * DAY)

    ended = Promise.objects.about(case.ref).get(rule="CO-03")
    assert (ended.state, ended.broken_at, ended.ended_reason) == ("broken", ended.due_at, "case_closed")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_an_enquiry_is_promised_no_report(cast, opened):
    case = assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="您好", at=NOON + DAY)

    assert reports(case) == []


def test_the_law_of_a_state_counts_from_the_first_report_and_from_each_after_it(cast):
    case = claim_in(cast, "US-AK")
    assert reports(case, "US-17b-AK") == []

    reply(case, by=cast.lin, body="We need more time.", at=NOON + DAY)
    reply(case, by=cast.lin, body="Still more.", at=NOON + 30 * DAY, reports=True)

    assert reports(case, "US-17b-AK") == [(NOON + DAY, "kept"), (NOON + 30 * DAY, "running")]


def test_where_the_law_has_its_own_term_for_the_second_report_the_later_ones_wait_for_it(cast):
    case = claim_in(cast, "US-PA")

    reply(case, by=cast.lin, body="We need more time.", at=NOON + DAY)
    assert (reports(case, "US-18b-PA"), reports(case, "US-18c-PA")) == ([(NOON + DAY, "running")], [])
    reply(case, by=cast.lin, body="Still more.", at=NOON + 20 * DAY, reports=True)

    assert reports(case, "US-18b-PA") == [(NOON + DAY, "kept")]
    assert reports(case, "US-18c-PA") == [(NOON + 20 * DAY, "running")]
