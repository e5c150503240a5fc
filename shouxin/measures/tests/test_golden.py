"""A golden week for each indicator: few facts, the figure computed by hand beside it."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shouxin.measures.asking import Question
from shouxin.measures.engine import measure
from shouxin.measures.indicators import registry
from shouxin.measures.tests.makers import at, row, span, write

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY, NEXT_MONDAY = date(2026, 11, 2), date(2026, 11, 9)


def asked(code, **how):
    return Question(code, MONDAY, NEXT_MONDAY, **{"today": date(2026, 11, 24)} | how)


def only(code, **how):
    rows = measure(asked(code, **how)).rows
    assert len(rows) == 1
    return rows[0]


def halves(answer):
    return {tuple(row.by.values()): (row.numerator, row.denominator) for row in answer.rows}


def test_complaints_opened_counts_the_days_of_the_company_and_each_reason_once():
    write(
        [
            row("ComplaintOpened", 1, at("2026-11-01", "23:59"), team="a"),
            row("ComplaintOpened", 2, at("2026-11-02", "00:00"), team="a", reasons=["delay", "tone", "delay"]),
            row("ComplaintOpened", 3, at("2026-11-08", "23:59"), team="b", reasons=["tone"], company="晴川"),
            row("ComplaintOpened", 4, at("2026-11-09", "00:00"), team="b"),
            row("CaseOpened", 5, at("2026-11-04"), team="a"),
        ]
    )

    whole = only("complaints-opened")

    assert (whole.numerator, whole.denominator, whole.value, whole.n) == (2, 1, 2, 2)
    assert (round(whole.low, 3), round(whole.high, 3)) == (0.242, 7.225)
    assert halves(measure(asked("complaints-opened", by=("team",)))) == {("a",): (1, 1), ("b",): (1, 1)}
    assert halves(measure(asked("complaints-opened", by=("reason",)))) == {("delay",): (1, 1), ("tone",): (2, 1)}
    assert halves(measure(asked("complaints-opened", by=("company",)))) == {("",): (1, 1), ("晴川",): (1, 1)}
    assert only("complaints-opened", where=(("reason", "delay"),)).n == 1


def test_complaints_are_counted_by_a_field_that_only_their_file_has():
    write(
        [
            row("ComplaintOpened", 1, at("2026-11-03"), more={"filed_by": ["本人"], "region": ["北"]}),
            row("ComplaintOpened", 2, at("2026-11-03"), more={"filed_by": ["本人", "家屬"]}),
            row("ComplaintOpened", 3, at("2026-11-03")),
        ]
    )

    by = halves(measure(asked("complaints-opened", by=("filed_by",))))

    assert by == {("",): (1, 1), ("本人",): (2, 1), ("家屬",): (1, 1)}
    assert only("complaints-opened", where=(("filed_by", "家屬"),)).n == 1
    assert halves(measure(asked("complaints-opened", by=("filed_by", "region")))) == {
        ("", ""): (1, 1), ("本人", "北"): (1, 1), ("本人", ""): (1, 1), ("家屬", ""): (1, 1),
    }  # fmt: skip


def closings():
    return [
        # 0, 4, 10 and 31 days of the calendar; the fifth was reopened and took 40 in the end, outside of the week.
        span("ComplaintClosed", 1, at("2026-11-03", "09:00"), at("2026-11-03", "17:00"), working_days=0),
        span("ComplaintClosed", 2, at("2026-10-30", "23:00"), at("2026-11-03", "08:00"), working_days=2),
        # This one only says how much working time it took, as facts of before did.
        span("ComplaintClosed", 3, at("2026-10-26"), at("2026-11-05"), working_seconds=8 * 3600),
        span("ComplaintClosed", 4, at("2026-10-08"), at("2026-11-08")),
        span("ComplaintClosed", 5, at("2026-11-01"), at("2026-11-06")),
        row("CaseReopened", 5, at("2026-11-10")),
        span("ComplaintClosed", 5, at("2026-11-01"), at("2026-12-11")),
    ]


def test_complaints_closed_leaves_out_a_closing_that_was_undone():
    write(closings())

    assert only("complaints-closed").value == 4
    assert only("complaints-closed", where=(("source", "live"),)).n == 4
    december = measure(asked("complaints-closed").but(from_on=date(2026, 12, 1), until_on=date(2027, 1, 1)))
    assert december.rows[0].value == 1


def test_days_to_close_are_days_of_the_calendar_without_the_first():
    write(closings())

    median = only("complaint-days-to-close")

    assert (median.numerator, median.denominator, median.value, median.n) == (45, 4, 7.0, 4)
    assert (median.low, median.high) == (None, None)
    assert only("complaint-days-to-close", stat="mean").value == 11.25
    # Places 0, 1, 2, 3 hold 0, 4, 10, 31: the ninetieth percentile lies at 2.7, so 10 + 0.7 × 21.
    assert only("complaint-days-to-close", stat="p90").value == pytest.approx(24.7)
    # The mean of 0 and 2 working days; the others say nothing of theirs.
    assert only("complaint-days-to-close", stat="mean", unit="working").value == 1.0


def test_days_are_those_of_the_wall_across_a_clock_change(settings):
    settings.TIME_ZONE = "Europe/London"
    london, month = ZoneInfo("Europe/London"), date(2026, 4, 1)

    def midnight(day):
        return datetime.combine(date.fromisoformat(day), time(), london)

    write(
        [
            # Thirty days of the file over the night with 23 hours, as it was written before and as it is now.
            row("ComplaintClosed", 1, midnight("2026-04-25"), seconds=30 * 86400, days=30),
            span("ComplaintClosed", 2, midnight("2026-03-26"), midnight("2026-04-25"), days=30),
            span("ComplaintClosed", 3, midnight("2026-03-26"), midnight("2026-04-25")),
        ]
    )

    april = asked("complaint-days-to-close", stat="mean").but(from_on=month, until_on=date(2026, 5, 1))
    within = asked("complaints-closed-within", days=30).but(from_on=month, until_on=date(2026, 5, 1))
    assert measure(april).rows[0].value == 30
    assert halves(measure(within)) == {(): (3, 3)}
    assert measure(asked("complaint-days-to-close", unit="working")).unit == "working days"


def test_the_interval_of_the_mean_is_students():
    write(closings())

    mean = only("complaint-days-to-close", stat="mean")

    # Sample deviation 13.7931, t(3) 3.18245: 11.25 ± 21.948.
    assert (round(mean.low, 2), round(mean.high, 2)) == (-10.70, 33.20)


def test_the_interval_of_a_median_lies_between_values_that_were_measured():
    write([span("ComplaintClosed", n, at(f"2026-10-{n:02d}"), at("2026-11-05")) for n in range(1, 11)])

    median = only("complaint-days-to-close")

    # Ten values, 26 to 35 days: the second and the ninth bound the median.
    assert (median.low, median.value, median.high) == (27, 30.5, 34)


def test_closed_within_counts_the_last_day_as_in_time():
    write(closings())

    assert (
        only("complaints-closed-within", days=10).numerator,
        only("complaints-closed-within", days=9).numerator,
    ) == (
        3,
        2,
    )
    thirty = only("complaints-closed-within")
    assert (thirty.numerator, thirty.denominator, thirty.value) == (3, 4, 0.75)
    assert (round(thirty.low, 4), round(thirty.high, 4)) == (0.3006, 0.9544)
    assert only("complaints-closed-within", days=1, unit="working").value == 0.5


def test_promises_kept_by_rule():
    write(
        [
            row("PromiseKept", 1, at("2026-11-03"), rule="reply", promise=1),
            row("PromiseKept", 2, at("2026-11-04"), rule="reply", promise=2),
            row("PromiseBroken", 3, at("2026-11-05"), rule="reply", promise=3),
            row("PromiseMadeGood", 3, at("2026-11-06"), rule="reply", promise=3),
            row("PromiseBroken", 4, at("2026-11-05"), rule="payout", promise=4),
            row("PromiseWithdrawn", 5, at("2026-11-05"), rule="payout", promise=5),
        ]
    )

    assert halves(measure(asked("promises-kept", by=("rule",)))) == {("payout",): (0, 1), ("reply",): (2, 3)}
    assert (only("promises-kept").numerator, only("promises-kept").denominator) == (2, 4)


def test_first_reply_counts_cases_closed_and_those_never_answered_too():
    write(
        [
            span("ReplySent", 1, at("2026-10-30"), at("2026-10-30", "12:00"), first=True, working_seconds=3600),
            row("ReplySent", 1, at("2026-11-01")),
            span("CaseClosed", 1, at("2026-10-30"), at("2026-11-03"), working_seconds=9 * 3600),
            span("CaseClosed", 2, at("2026-11-03"), at("2026-11-03", "16:00"), working_seconds=6 * 3600),
            span("ReplySent", 3, at("2026-11-03"), at("2026-11-03", "11:00"), first=True, working_seconds=3600),
        ]
    )

    mean = only("first-reply", stat="mean")

    assert (mean.numerator, mean.denominator, mean.value) == (8, 2, 4)
    assert only("first-reply", stat="mean", unit="working").value == 3.5
    assert only("first-reply").value == 4


def test_hand_overs_are_counted_for_each_case_that_closed():
    write(
        [
            row("CaseHandedOver", 1, at("2026-10-20")),
            row("CaseHandedOver", 1, at("2026-11-03")),
            span("CaseClosed", 1, at("2026-10-15"), at("2026-11-04")),
            span("CaseClosed", 2, at("2026-10-15"), at("2026-11-04")),
            row("CaseHandedOver", 3, at("2026-11-04")),
        ]
    )

    found = only("hand-overs")

    assert (found.numerator, found.denominator, found.value) == (2, 2, 1)
    assert (round(found.low, 4), round(found.high, 4)) == (0.1211, 3.6123)


def backlog():
    return [
        row("CaseOpened", 1, at("2026-10-01"), team="a"),
        row("CaseOpened", 2, at("2026-10-30"), team="a"),
        row("CaseAssigned", 2, at("2026-10-30"), team="a", to="staff:7", to_team=""),
        row("CaseHandedOver", 2, at("2026-11-03"), team="a", to="staff:8", to_team="b"),
        row("CaseOpened", 3, at("2026-11-03"), team="a"),
        row("CaseClosed", 3, at("2026-11-04"), team="a"),
        row("CaseOpened", 4, at("2026-09-01"), team="b"),
        row("CaseClosed", 4, at("2026-10-10"), team="b"),
        row("CaseReopened", 4, at("2026-11-07"), team="b"),
        row("CaseOpened", 5, at("2026-11-09"), team="b"),
        row("PromiseBroken", 1, at("2026-11-02"), promise=1),
        row("PromiseBroken", 2, at("2026-11-02"), promise=2),
        row("PromiseMadeGood", 2, at("2026-11-05"), promise=2),
    ]


def test_the_backlog_is_what_was_open_at_the_end_and_whose_it_was_then():
    write(backlog())

    assert only("backlog").value == 3
    # Cases 1 and 5 were taken in by a team each, and nobody has had them yet; case 4 was never given to anybody either.
    assert halves(measure(asked("backlog", by=("team",)))) == {("",): (2, 1), ("b",): (1, 1)}
    overdue = only("backlog", stat="overdue")
    assert (overdue.numerator, overdue.denominator) == (1, 3)
    # Open for 38, 9 and 68 days on the 8th of November.
    assert only("backlog", stat="median").value == 38
    assert only("backlog", stat="mean").numerator == 115


def test_what_is_there_at_an_instant_is_counted_whole_and_has_no_interval():
    write(backlog())
    assert [
        (only("backlog", stat=stat).low, only("backlog", stat=stat).high) for stat in registry()["backlog"].stats
    ] == [(None, None)] * 5


def test_the_backlog_by_month_is_the_standing_at_the_end_of_each():
    write(backlog())
    months = asked("backlog", by=("month", "team")).but(from_on=date(2026, 9, 1), until_on=date(2027, 1, 1))

    assert halves(measure(months)) == {
        ("2026-09", ""): (1, 1),
        ("2026-10", ""): (1, 1),
        ("2026-10", "a"): (1, 1),
        ("2026-11", ""): (3, 1),
        ("2026-11", "b"): (1, 1),
    }
    late = months.but(by=("month",), stat="overdue")
    assert halves(measure(late)) == {("2026-09",): (0, 1), ("2026-10",): (0, 2), ("2026-11",): (1, 4)}


def test_a_case_put_back_into_the_queue_is_the_backlog_of_its_team_and_of_no_colleague(cast):
    lin = str(cast.lin.ref)
    write(
        [
            row("CaseOpened", 1, at("2026-11-02"), team="a"),
            row("CaseAssigned", 1, at("2026-11-02", "11:00"), team="a", to=lin, to_team="b"),
            row("CaseTakenBack", 1, at("2026-11-03"), team="b", former=lin),
            row("CaseOpened", 2, at("2026-11-02"), team="a"),
            row("CaseAssigned", 2, at("2026-11-02", "11:00"), team="a", to=lin, to_team=""),
        ]
    )

    assert halves(measure(asked("backlog", by=("staff", "team")))) == {("", "b"): (1, 1), ("lin", "a"): (1, 1)}


def month(code, number, **how):
    return only_in(Question(code, date(2026, number, 1), date(2026, number + 1, 1), today=date(2026, 11, 24), **how))


def only_in(question):
    rows = measure(question).rows
    return [(row.numerator, row.denominator) for row in rows]


def test_a_reopening_does_not_take_back_the_closing_of_a_month_that_is_over():
    # Answered and closed on the 15th day; reopened on the 46th, closed again on the 49th.
    write([span("ComplaintClosed", 1, at("2026-01-05"), at("2026-01-20"))])
    assert month("complaints-closed-within", 1) == [(1, 1)]
    again = [
        row("TouchReceived", 1, at("2026-02-19"), after_closing=True),
        row("CaseReopened", 1, at("2026-02-20")),
        span("ComplaintClosed", 1, at("2026-01-05"), at("2026-02-23")),
    ]
    write(again)

    assert month("complaints-closed-within", 1) == [(1, 1)]
    assert month("complaints-closed-within", 2) == [(0, 1)]
    assert month("complaint-days-to-close", 2, stat="mean") == [(49, 1)]
    assert (month("complaints-closed", 1), month("complaints-closed", 2)) == ([(1, 1)], [(1, 1)])
    assert (month("complaints-reopened", 1), month("complaints-reopened", 2)) == ([(0, 1)], [(1, 1)])


def test_thanks_after_the_closing_change_no_figure():
    write(
        [
            span("ComplaintClosed", 1, at("2026-01-05"), at("2026-01-20")),
            row("TouchReceived", 1, at("2026-02-19"), after_closing=True),
            row("NoAnswerNeeded", 1, at("2026-02-20")),
        ]
    )
    assert month("complaints-closed-within", 1) == [(1, 1)]
    assert (month("complaints-closed", 2), month("complaints-reopened", 2)) == ([(0, 1)], [(0, 1)])


def test_what_was_a_question_in_the_end_is_neither_opened_nor_closed_as_a_complaint():
    write(
        [
            row("ComplaintOpened", 1, at("2026-11-03")),
            row("ComplaintClassified", 1, at("2026-11-03", "12:00"), line="enquiry", was="complaint", because=""),
            row("CaseClosed", 1, at("2026-11-04")),
            row("ComplaintOpened", 2, at("2026-11-03")),
            row("ComplaintClassified", 2, at("2026-11-03", "12:00"), line="enquiry", was="complaint", because=""),
            row("ComplaintClassified", 2, at("2026-11-03", "13:00"), line="complaint", was="enquiry", because=""),
            span("ComplaintClosed", 2, at("2026-11-03"), at("2026-11-04")),
        ]
    )
    assert (only("complaints-opened").value, only("complaints-closed").value) == (1, 1)
