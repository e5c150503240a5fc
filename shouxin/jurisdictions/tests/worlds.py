"""Calendars, instants and rules as hypothesis draws them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shouxin.jurisdictions.calendars import Calendar, Day, Hours
from shouxin.jurisdictions.rules import Rule
from shouxin.jurisdictions.terms import Months, Roll, Unit, Wording

ZONES = [ZoneInfo(name) for name in ("Asia/Taipei", "Europe/London", "America/New_York", "UTC")]
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
WORKING = st.integers(0, 200 * 3600 * 10**6).map(lambda micros: timedelta(microseconds=micros))
SPANS = st.timedeltas(timedelta(0), timedelta(days=60))


@st.composite
def windows_of_day(draw) -> tuple[tuple[int, int], ...]:
    """One or two windows apart from each other."""
    edges = sorted(draw(st.sets(st.integers(0, 24), min_size=2, max_size=4)))
    return tuple((a * 60, b * 60) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def hours(draw) -> Hours:
    """Every weekday has its own windows, Sunday always some, so that the place opens at least once a week."""
    weekly = [draw(st.one_of(st.just(()), windows_of_day())) for _ in range(6)]
    return Hours(weekly=(*weekly, draw(windows_of_day())), makeup=draw(windows_of_day()))


@st.composite
def calendars(draw) -> Calendar:
    """A place with its hours, rest days, holidays and make-up days."""
    weekly, rest = draw(hours()), frozenset(draw(st.sets(st.integers(0, 6), max_size=5)))
    closed = draw(st.sets(DAYS, max_size=12))
    open_days = draw(st.sets(DAYS, max_size=6)) - closed
    special = {day: Day("假日", is_open=False) for day in closed} | {
        day: Day("補班", is_open=True) for day in open_days
    }
    return calendar_with(weekly, special, draw(st.sampled_from(ZONES)), rest)


def calendar_with(weekly: Hours, special: dict[date, Day], zone: ZoneInfo, rest: frozenset[int]) -> Calendar:
    return Calendar("test:", "1", zone, (weekly,), lambda year: special, rest)


def also(calendar: Calendar, day: date, about: Day) -> Calendar:
    """The same calendar with one more special day."""
    special = {**calendar.special(day.year), day: about}
    return calendar_with(calendar.hours[0], special, calendar.zone, calendar.rest_weekdays)


@st.composite
def rules(draw, units=tuple(Unit), is_backward=False) -> Rule:
    unit = draw(st.sampled_from(units))
    return Rule(
        id="T-1", jurisdiction="test", title=Wording("測試", "Test"), subject="test", start="start",
        limit=draw(st.integers(1, 2 if unit is Unit.YEARS else 40)), unit=unit, first_day_counts=draw(st.booleans()),
        months=draw(st.sampled_from(Months)), roll=draw(st.sampled_from(Roll)), is_backward=is_backward,
        suspensions=("waiting",),
    )  # fmt: skip
