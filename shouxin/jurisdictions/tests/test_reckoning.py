"""Laws of reckoning, and the ways a term stops, is lengthened and rolls on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.jurisdictions.calendars import Calendar, Day
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.reckoning import Extension, Pause
from shouxin.jurisdictions.rules import Rule
from shouxin.jurisdictions.terms import Roll, Step, Unit
from shouxin.jurisdictions.tests.worlds import DAYS, INSTANTS, SPANS, also, calendars, rules

SHANGHAI, CHICAGO, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Chicago"), ZoneInfo("Europe/London")
WORKING_UNITS = (Unit.WORKING_DAYS, Unit.WORKING_HOURS)


def at(zone: ZoneInfo, month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=zone)


@given(rules(), calendars(), INSTANTS)
def test_the_quick_way_gives_the_same_instant(rule: Rule, calendar: Calendar, start: datetime):
    assert rule.due(start, calendar) == rule.reckon(start, calendar).due_at


@given(rules(), calendars(), INSTANTS, SPANS)
def test_a_later_start_is_never_due_earlier(rule: Rule, calendar: Calendar, start: datetime, later: timedelta):
    assert rule.due(start + later, calendar) >= rule.due(start, calendar)


@given(rules(), calendars(), INSTANTS, DAYS)
def test_a_holiday_never_makes_a_forward_term_end_earlier(rule, calendar, start, day):
    closed = also(calendar, day, Day("颱風", is_open=False))
    assert rule.due(start, closed) >= rule.due(start, calendar)


@given(rules(), calendars(), INSTANTS, DAYS)
def test_a_make_up_day_never_makes_a_forward_term_end_later(rule, calendar, start, day):
    closed, made_up = (also(calendar, day, Day("", is_open=is_open)) for is_open in (False, True))
    assert rule.due(start, made_up) <= rule.due(start, closed)


DAY_UNITS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)


@given(rules(DAY_UNITS, is_backward=True), calendars(), INSTANTS, DAYS)
def test_backward_the_act_lies_before_and_a_holiday_makes_it_no_later(rule, calendar, event, day):
    due = rule.due(event, calendar)
    assert due <= calendar.start_of(calendar.day_of(event))
    assert rule.due(event, also(calendar, day, Day("颱風", is_open=False))) <= due


@given(st.integers(1, 90), INSTANTS)
def test_backward_so_many_full_days_lie_between(limit: int, event: datetime):
    rule = Rule.of(pack("TW").rule("TW-05").as_json() | {"limit": limit, "roll": "none"})
    calendar = pack("TW").calendar()
    assert calendar.start_of(calendar.day_of(event)) - rule.due(event, calendar) == timedelta(days=limit)


@given(rules(), calendars(), INSTANTS, SPANS, SPANS)
def test_a_pause_never_makes_a_term_end_earlier(rule, calendar, start, after, length):
    pause = Pause(start + after, start + after + length, "waiting")
    assert rule.reckon(start, calendar, [pause]).due_at >= rule.due(start, calendar)


@given(rules(WORKING_UNITS), calendars(), INSTANTS, st.integers(0, 20), st.integers(0, 23), st.integers(0, 23))
def test_pausing_over_closed_time_is_free(rule, calendar, start, days, begin, length):
    day = calendar.day_of(start) + timedelta(days=days)
    closed = also(calendar, day, Day("颱風", is_open=False))
    begin_at = closed.start_of(day) + timedelta(hours=begin)
    pause = Pause(begin_at, min(begin_at + timedelta(hours=length), closed.end_of(day)), "waiting")
    assert rule.reckon(start, closed, [pause]).due_at == rule.due(start, closed)


@given(rules(), calendars(), INSTANTS, SPANS, SPANS)
def test_the_same_pause_twice_counts_once(rule, calendar, start, after, length):
    pause = Pause(start + after, start + after + length, "waiting")
    inner = Pause(pause.start_at + length / 4, pause.end_at - length / 4, "waiting")
    once = rule.reckon(start, calendar, [pause]).due_at
    assert rule.reckon(start, calendar, [pause, inner, pause]).due_at == once


@given(rules((Unit.WORKING_HOURS,)), calendars(), INSTANTS, st.integers(0, 99), SPANS)
def test_paused_working_time_is_added_back_exactly(rule, calendar, start, percent, length):
    begin_at = start + (rule.due(start, calendar) - start) * percent / 100
    pause = Pause(begin_at, begin_at + length, "waiting")
    due = rule.reckon(start, calendar, [pause]).due_at
    paused = calendar.between(pause.start_at, pause.end_at)
    assert calendar.between(start, due) == timedelta(hours=rule.limit) + paused


def test_the_days_between_notice_and_supplements_are_deducted():
    mainland = pack("CN")
    claim, calendar = mainland.rule("CN-02"), mainland.calendar("上海")
    start = at(SHANGHAI, 3, 2)  # 30 days: 04-01
    asked, arrived = at(SHANGHAI, 3, 10), at(SHANGHAI, 3, 18)
    assert claim.due(start, calendar) == at(SHANGHAI, 4, 2, 0)
    notice = Pause(asked, arrived, "papers_notice")
    assert claim.reckon(start, calendar, [notice]).due_at == at(SHANGHAI, 4, 10, 0)  # eight days more
    again = Pause(at(SHANGHAI, 3, 20), at(SHANGHAI, 3, 28), "papers_notice")
    # The notice of art. 22 is one: a second request deducts nothing (Interpretation II art. 15).
    assert claim.reckon(start, calendar, [again, notice]).due_at == at(SHANGHAI, 4, 10, 0)
    other = claim.reckon(start, calendar, [Pause(asked, arrived, "holiday_of_the_officer")])
    assert other.due_at == at(SHANGHAI, 4, 2, 0)


def test_while_it_is_paused_the_reckoning_says_so():
    mainland = pack("CN")
    reckoning = mainland.rule("CN-12").reckon(
        at(SHANGHAI, 3, 2), mainland.calendar(), [Pause(at(SHANGHAI, 3, 5), None, "mediation")]
    )
    assert reckoning.is_paused
    assert "still paused" in [step for step in reckoning.steps if step.label == "Pauses"][-1].text


def test_a_complaint_of_the_mainland_is_lengthened_to_thirty_and_sixty_days():
    mainland = pack("CN")
    rule, calendar, start = mainland.rule("CN-12"), mainland.calendar(), at(SHANGHAI, 7, 1)
    first = Extension("CN-13", at(SHANGHAI, 7, 14))
    second = Extension("CN-14", at(SHANGHAI, 7, 30), approver="總公司副總經理")
    assert rule.due(start, calendar) == at(SHANGHAI, 7, 17, 0)
    assert rule.reckon(start, calendar, (), [first]).due_at == at(SHANGHAI, 8, 1, 0)
    # 60 natural days end on Sunday 08-30, and the measures move no last day.
    assert rule.reckon(start, calendar, (), [second, first]).due_at == at(SHANGHAI, 8, 31, 0)
    assert rule.extension("CN-14").after == "CN-13"
    assert rule.extension("CN-14").approver.hans == "上级机构或总公司高级管理人员"
    assert not rule.extension("CN-13").approver
    with pytest.raises(LookupError, match="once-more"):
        rule.reckon(start, calendar, (), [Extension("once-more", start)])


def test_the_last_day_in_the_national_holidays_moves_past_them_but_for_a_complaint():
    mainland = pack("CN")
    due = mainland.rule("CN-06").due(at(SHANGHAI, 9, 3), mainland.calendar())  # 30 days: 10-03
    assert due == at(SHANGHAI, 10, 9, 0)  # holidays until 10-07
    complaint = mainland.rule("CN-12")
    assert complaint.due(at(SHANGHAI, 9, 18), mainland.calendar()) == at(SHANGHAI, 10, 4, 0)
    # Friday before the New Year of 2026, whose holidays last until 02-23.
    assert complaint.due(at(SHANGHAI, 2, 6, 17), mainland.calendar()) == at(SHANGHAI, 2, 22, 0)


def test_make_up_days_of_the_mainland_count():
    mainland = pack("CN")
    # 2026-09-30 Wednesday; holidays 10-01…10-07; 10-08, 10-09, 10-10 (made up), 10-12, 10-13
    reckoning = mainland.rule("CN-23").reckon(at(SHANGHAI, 9, 30), mainland.calendar())
    assert reckoning.due_at == at(SHANGHAI, 10, 14, 0)
    makeup = [step for step in reckoning.steps if step.label == "Make-up working days counted"]
    assert makeup[0].values["makeup_days"] == [["2026-10-10", "国庆节"]]


def test_texas_counts_forty_five_days_from_the_notice_of_reasons():
    texas = pack("US-TX")
    rule, start = texas.rule("US-08b-TX"), at(CHICAGO, 3, 2)
    told = Extension("reasons", at(CHICAGO, 3, 20))
    assert rule.due(start, texas.calendar()) == at(CHICAGO, 3, 24, 0)
    assert rule.reckon(start, texas.calendar(), (), [told]).due_at == at(CHICAGO, 5, 5, 0)


def test_the_uk_ends_at_the_close_of_the_third_business_day_and_after_eight_weeks():
    uk = pack("UK")
    start = at(LONDON, 4, 1)  # Wednesday before Easter: 04-02, then 04-07, 04-08
    assert uk.rule("UK-03").due(start, uk.calendar()) == at(LONDON, 4, 8, 17)
    assert uk.rule("UK-02").due(start, uk.calendar()) == at(LONDON, 5, 28, 0)


def test_ohio_moves_on_from_a_weekend_and_iowa_does_not():
    ohio, iowa = pack("US-OH"), pack("US-IA")
    assert ohio.rule("US-05-OH").due(at(CHICAGO, 5, 2), ohio.calendar()).date() == date(2026, 5, 27)  # past 05-25
    assert iowa.rule("US-02-IA").due(at(CHICAGO, 5, 2), iowa.calendar()) == at(CHICAGO, 5, 24, 0)


def test_two_working_hours_pass_over_the_midday_rest():
    callback, calendar = pack("company").rule("CO-02"), pack("TW").calendar("台北市")
    start = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)  # 11:30 in Taipei
    reckoning = callback.reckon(start, calendar)
    assert reckoning.due_at == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    assert reckoning.warn_at == (datetime(2026, 11, 24, 6, 0, tzinfo=UTC),)


def test_a_pause_that_begins_on_the_days_of_rest_still_counts():
    rule, calendar = pack("TW").rule("TW-01"), pack("TW").calendar()
    rule = Rule.of(rule.as_json() | {"suspensions": ["waiting"]})
    taipei = calendar.zone
    sunday = Pause(at(taipei, 11, 15), at(taipei, 11, 17), "waiting")  # term: Saturday 11-14, rolled to 11-16
    assert rule.reckon(at(taipei, 10, 30), calendar, [sunday]).due_at == at(taipei, 11, 19, 0)


def test_a_duty_without_days_is_not_reckoned():
    with pytest.raises(ValueError, match="HK-07"):
        pack("HK").rule("HK-07").reckon(at(SHANGHAI, 1, 5), pack("HK").calendar())


def test_the_steps_can_be_followed_by_hand():
    taiwan = pack("TW")
    steps = taiwan.rule("TW-01").reckon(at(taiwan.calendar().zone, 10, 30, 15), taiwan.calendar()).steps
    assert [(step.label, step.values) for step in steps[1:]] == [
        ("Documents complete", {"start_at": "2026-10-30T15:00:00+08:00"}),
        ("First day not counted", {"first_on": "2026-10-31"}),
        ("%(limit)s days", {"limit": 15, "last_on": "2026-11-14"}),
        ("Day of rest", {"last_on": "2026-11-14", "rolled_on": "2026-11-16"}),
        ("Due", {"due_at": "2026-11-17T00:00:00+08:00"}),
    ]
    assert "24:00" in steps[-1].told
    assert steps[0].values["source"]["hant"] == "保險法"


@pytest.mark.parametrize("roll", Roll)
def test_every_roll_ends_on_a_working_day_or_where_it_was(roll: Roll):
    taiwan = pack("TW")
    rule = Rule.of(taiwan.rule("TW-01").as_json() | {"roll": str(roll)})
    due = rule.due(at(taiwan.calendar().zone, 10, 30), taiwan.calendar())
    assert due.day == (15 if roll is Roll.NONE else 17)


def test_a_step_kept_under_an_earlier_wording_is_told_as_now():
    kept = {
        "label": "Papers complete",
        "text": "since %(start_at)s, still paused %(reason_text)s",
        "values": {"start_at": "2026-10-30T15:00:00+08:00", "reason_text": "waiting for papers"},
    }

    step = Step.of(kept)

    assert step.told_label == "文件齊全"
    assert step.told.endswith("等候補件")


def test_hours_run_by_the_clock_of_the_world_when_the_wall_skips_one():
    rule = Rule.of(pack("company").rule("CO-02").as_json() | {"unit": "hours", "limit": 48, "suspensions": ["waiting"]})
    start, calendar = at(LONDON, 3, 28, 12), pack("UK").calendar()
    pause = Pause(at(LONDON, 3, 28, 13), at(LONDON, 3, 29, 13), "waiting")

    assert rule.reckon(start, calendar).due_at == datetime(2026, 3, 30, 12, tzinfo=UTC)
    assert rule.reckon(start, calendar, [pause]).due_at == datetime(2026, 3, 31, 11, tzinfo=UTC)
