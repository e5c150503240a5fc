"""The laws of the calendar: what must hold for every calendar there could be."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shouxin.jurisdictions.calendars import (
    Calendar,
    Day,
    Hours,
    NoOpenTime,
    office_hours,
    round_the_clock,
    windows,
)
from shouxin.jurisdictions.tests.worlds import (
    DAYS,
    INSTANTS,
    SPANS,
    WORKING,
    ZONES,
    also,
    calendar_with,
    calendars,
    hours,
    windows_of_day,
)

ZERO = timedelta(0)
CLOCK_CHANGE = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@given(calendars(), INSTANTS, WORKING)
def test_what_was_added_lies_between(calendar: Calendar, start: datetime, working: timedelta):
    assert calendar.between(start, calendar.add(start, working)) == working


@given(calendars(), INSTANTS, INSTANTS, WORKING)
def test_adding_what_lies_between_leads_back_to_an_end_in_working_time(calendar, start, other, working):
    end = calendar.add(other, working)
    assume(working > ZERO and start <= end)
    assert calendar.add(start, calendar.between(start, end)) == end or calendar.between(start, end) == ZERO
    if calendar.between(start, end) == ZERO:
        assert start == end  # `end` closes a span of working time: none between means none left


@given(calendars(), INSTANTS, WORKING, WORKING)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, first: timedelta, second: timedelta):
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second) or first == ZERO


@given(calendars(), INSTANTS, INSTANTS, INSTANTS)
def test_working_time_is_a_sum(calendar: Calendar, one: datetime, two: datetime, three: datetime):
    assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)
    assert calendar.between(one, two) == -calendar.between(two, one)


@given(calendars(), INSTANTS, WORKING)
def test_a_result_lies_in_working_time(calendar: Calendar, start: datetime, working: timedelta):
    assume(working > ZERO)
    assert calendar.is_open(calendar.add(start, working) - timedelta(microseconds=1))


@given(calendars(), INSTANTS)
def test_the_next_open_instant_is_open_and_nothing_was_missed(calendar: Calendar, at: datetime):
    opens = calendar.next_open(at)
    assert opens >= at
    assert calendar.is_open(opens)
    assert calendar.between(at, opens) == ZERO


@given(calendars(), INSTANTS, WORKING, DAYS)
def test_a_holiday_never_makes_a_deadline_earlier(calendar, start, working, day):
    closed = also(calendar, day, Day("颱風", is_open=False))
    assert closed.add(start, working) >= calendar.add(start, working)


@given(calendars(), INSTANTS, WORKING, DAYS, windows_of_day())
def test_a_make_up_day_never_makes_a_deadline_later(calendar, start, working, day, opened):
    closed = also(calendar, day, Day("休假", is_open=False))
    made_up = also(calendar, day, Day("補班", is_open=True, windows=opened))
    assert made_up.add(start, working) <= closed.add(start, working)


@given(INSTANTS, SPANS, st.sampled_from(ZONES))
@example(CLOCK_CHANGE, timedelta(hours=2), ZoneInfo("Europe/London"))
def test_round_the_clock_equals_the_wall_clock(start: datetime, span: timedelta, zone: ZoneInfo):
    calendar = round_the_clock(zone=zone.key)
    assert calendar.add(start, span) == start + span
    assert calendar.between(start, start + span) == span
    assert calendar.is_open(start)


@given(hours(), INSTANTS, WORKING, st.sampled_from(ZONES))
def test_splitting_a_window_changes_nothing(weekly: Hours, start: datetime, working: timedelta, zone: ZoneInfo):
    whole = calendar_with(weekly, {}, zone, frozenset())
    split = calendar_with(Hours(tuple(map(_split, weekly.weekly)), weekly.makeup), {}, zone, frozenset())
    assert split.add(start, working) == whole.add(start, working)
    assert split.next_open(start) == whole.next_open(start)


def _split(day: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return tuple(half for a, b in day for half in ((a, (a + b) // 2), ((a + b) // 2, b)))


@given(calendars(), DAYS, st.integers(1, 200))
def test_counted_working_days_lie_between(calendar: Calendar, day: date, count: int):
    assume(len(calendar.rest_weekdays) < 7)
    assert calendar.working_days_between(day, calendar.add_working_days(day, count)) == count
    assert calendar.is_working_day(calendar.add_working_days(day, count))
    assert calendar.is_working_day(calendar.add_working_days(day, -count))
    assert calendar.add_working_days(day, -count) < day < calendar.add_working_days(day, count)


@given(calendars(), DAYS, DAYS)
def test_working_days_between_are_those_that_work(calendar: Calendar, start: date, end: date):
    start, end = min(start, end), max(start, end)
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    assert calendar.working_days_between(start, end) == sum(calendar.is_working_day(day) for day in days)


@given(calendars(), INSTANTS, WORKING)
def test_order_of_questions_changes_no_answer(calendar: Calendar, start: datetime, working: timedelta):
    fresh = calendar_with(calendar.hours[0], calendar.special(start.year), calendar.zone, calendar.rest_weekdays)
    fresh.add(start + timedelta(days=2000), timedelta(hours=1))
    fresh.add_working_days(date(2015, 6, 1), 1)
    assert fresh.add(start, working) == calendar.add(start, working)


def test_a_calendar_with_no_open_time_raises():
    with pytest.raises(NoOpenTime):
        Calendar("test:", "1", ZONES[0], (Hours(weekly=((),) * 7),))
    always_closed = calendar_with(
        office_hours(range(5), "09:00-17:00"),
        {
            date.fromordinal(n): Day("", False)
            for n in range(date(1949, 1, 1).toordinal(), date(2152, 1, 1).toordinal())
        },
        ZONES[0],
        frozenset(),
    )
    with pytest.raises(NoOpenTime):
        always_closed.add(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1))
    with pytest.raises(NoOpenTime):
        always_closed.next_open(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(NoOpenTime):
        always_closed.add_working_days(date(2026, 1, 1), 1)


def test_working_time_is_not_taken_away():
    with pytest.raises(ValueError, match="not taken away"):
        round_the_clock().add(CLOCK_CHANGE, timedelta(hours=-1))


def test_hours_change_on_their_day():
    early, late = office_hours(range(5), "08:00-12:00"), office_hours(range(5), "13:00-17:00")
    changed = Hours(late.weekly, late.makeup, from_on=date(2026, 7, 1))
    calendar = Calendar("test:", "1", ZONES[0], (changed, early))
    assert calendar.windows_on(date(2026, 6, 30)) == ((480, 720),)
    assert calendar.windows_on(date(2026, 7, 1)) == ((780, 1020),)
    start = datetime(2026, 6, 30, 11, 0, tzinfo=ZONES[0])
    assert calendar.add(start, timedelta(hours=2)) == datetime(2026, 7, 1, 14, 0, tzinfo=ZONES[0])


def test_spans_are_put_in_order_and_joined():
    assert windows("13:00-17:30", "09:00-12:00", "12:00-12:30") == ((540, 750), (780, 1050))
    assert windows("00:00-24:00") == ((0, 1440),)
    with pytest.raises(ValueError, match="not a window"):
        windows("12:00-09:00")
