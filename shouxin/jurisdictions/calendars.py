"""Working calendars: when a place is open, and how working time is counted there.

A calendar lays all its open windows of the years in question end to end as microseconds since 1970, with the
working time that lies before each; every question is then one binary search. Its laws are in tests/test_laws.py.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shouxin.core.guards import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1950, 2150

Window = tuple[int, int]  # minutes of the day: (540, 720) is 09:00 to 12:00, (0, 1440) the whole day
Windows = tuple[Window, ...]


class NoOpenTime(ValueError):
    """A calendar that never opens cannot count working time."""


class BeyondCalendar(NoOpenTime, Refused):
    """A term that ends after the last year there are calendars for: told to whoever asked for it."""


class Certainty(StrEnum):
    """How sure it is whether a day is one of rest, the surest first."""

    OFFICIAL = "official"  # from the official list or the law itself, or declared here
    PUBLISHED = "published"  # published officially, and taken from a public library
    EXPECTED = "expected"  # not published yet: what the library lets expect


@dataclass(frozen=True)
class Day:
    """What is special about one day: a holiday, a make-up working day, a day declared closed or open."""

    name: str
    is_open: bool
    windows: Windows | None = None  # None: closed, or the hours of a make-up day
    is_declared: bool = False


@dataclass(frozen=True)
class Hours:
    """Opening hours from a day on: one entry per weekday beginning with Monday, and those of a make-up day."""

    weekly: tuple[Windows, ...]
    makeup: Windows = ()
    from_on: date = date.min


class _Spans(NamedTuple):
    """Whole years laid end to end: open windows, the working time before each, and the working days."""

    first: int
    last: int
    begins: int
    finishes: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    days: list[int]


def minutes(text: str) -> int:
    """Minutes of the day of "09:30"; "24:00" is the end of the day. ValueError for what no clock shows."""
    if not (found := CLOCK.fullmatch(text)):
        raise ValueError(f"not a time of day: {text}")
    return int(found[1]) * 60 + int(found[2])


def windows(*spans: str) -> Windows:
    """``windows("09:00-12:00", "13:00-17:30")``, put in order, touching ones joined. ValueError when one is no span."""
    pairs = sorted((minutes(a), minutes(b)) for a, b in (span.split("-") for span in spans))
    joined: list[Window] = []
    for start, end in pairs:
        if not 0 <= start < end <= 1440:
            raise ValueError(f"not a window of a day: {start}-{end}")
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _no_special_days(year: int) -> Mapping[date, Day]:
    return {}


@dataclass(eq=False)
class Calendar:
    """The working calendar of a place, in one version.

    `special` gives the special days of a year; `declared` are days declared for this place, which go before.
    `rest_weekdays` are the weekly rest days of the law (Monday is 0): they decide what a working day is and when a
    deadline rolls on, whatever the office hours are. Raises NoOpenTime when no hours are given at all.
    """

    key: str
    version: str
    zone: ZoneInfo
    hours: tuple[Hours, ...]
    special: Callable[[int], Mapping[date, Day]] = _no_special_days
    rest_weekdays: frozenset[int] = frozenset({5, 6})
    official_from: date = date.min
    official_until: date = date.max
    published_until: date = date.max
    declared: Mapping[date, Day] = field(default_factory=dict)
    _years: dict[int, tuple] = field(default_factory=dict, repr=False)
    _spans: _Spans | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not any(any(hours.weekly) for hours in self.hours):
            raise NoOpenTime(f"the calendar {self.key} is never open")
        self.hours = tuple(sorted(self.hours, key=lambda hours: hours.from_on))

    # ── days ──────────────────────────────────────────────────────────────────

    def about(self, day: date) -> Day | None:
        """What is special about this day; None for an ordinary one."""
        return self.declared.get(day) or self._year(_within(day.year))[0].get(day)

    def is_working_day(self, day: date) -> bool:
        special = self.about(day)
        return special.is_open if special else day.weekday() not in self.rest_weekdays

    def windows_on(self, day: date) -> Windows:
        """The open windows of this day."""
        return self._windows(day, self.about(day))

    def certainty_on(self, day: date) -> Certainty:
        """How sure it is what this day is."""
        if day in self.declared or self.official_from <= day <= self.official_until:
            return Certainty.OFFICIAL
        return Certainty.PUBLISHED if day <= self.published_until else Certainty.EXPECTED

    def next_working_day(self, day: date) -> date:
        """This day if it is a working day, else the next one."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """This day if it is a working day, else the one before."""
        return day if self.is_working_day(day) else self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after this day (before it, when negative); 0 is the day itself."""
        if count == 0:
            return day
        spans, ordinal = self._cover(_within(day.year), _within(day.year)), day.toordinal()
        while True:
            position = bisect_right(spans.days, ordinal) - 1 if count > 0 else bisect_left(spans.days, ordinal)
            position += count
            if 0 <= position < len(spans.days):
                return date.fromordinal(spans.days[position])
            spans = self._later(spans) if count > 0 else self._earlier(spans)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`."""
        if end < start:
            return -self.working_days_between(end, start)
        days = self._cover(_within(start.year), _within(end.year)).days
        return bisect_right(days, end.toordinal()) - bisect_right(days, start.toordinal())

    # ── instants ──────────────────────────────────────────────────────────────

    def day_of(self, at: datetime) -> date:
        """The day of this place in which the instant lies."""
        try:
            return at.astimezone(self.zone).date()
        except OverflowError:  # the first or the last day there is
            return at.date()

    def start_of(self, day: date) -> datetime:
        """Midnight at which the day begins; the deadline "24:00" of the day before."""
        return datetime.combine(day, time(), self.zone)

    def end_of(self, day: date) -> datetime:
        """24:00 of this day."""
        return self.start_of(day + ONE_DAY)

    def opening_of(self, day: date) -> datetime:
        """When the first window opens; midnight on a closed day."""
        open_windows = self.windows_on(day)
        return self._instant(self._micros(day, open_windows[0][0] if open_windows else 0))

    def close_of(self, day: date) -> datetime:
        """When the last window closes; 24:00 on a closed day."""
        open_windows = self.windows_on(day)
        return self._instant(self._micros(day, open_windows[-1][1] if open_windows else 1440))

    def edges(self, day: date) -> list[datetime]:
        """Every instant of this day at which the place opens or closes."""
        return [self._instant(self._micros(day, minute)) for window in self.windows_on(day) for minute in window]

    def is_open(self, at: datetime) -> bool:
        spans, micros = self._around(at)
        index = bisect_right(spans.starts, micros) - 1
        return index >= 0 and micros < spans.ends[index]

    def next_open(self, at: datetime) -> datetime:
        """The instant itself when the place is open, else when it opens next."""
        spans, micros = self._around(at)
        while (index := bisect_right(spans.ends, micros)) >= len(spans.starts):
            spans = self._later(spans)
        return at if spans.starts[index] <= micros else self._instant(spans.starts[index])

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The instant at which `working` has been worked since `start`; `start` itself when that is nothing."""
        wanted = working // MICRO
        if wanted < 0:
            raise ValueError("working time is added, not taken away")
        if wanted == 0:
            return start.astimezone(self.zone)
        spans, micros = self._around(start)
        target = _worked(spans, micros) + wanted
        while not spans.starts or spans.before[-1] + spans.ends[-1] - spans.starts[-1] < target:
            spans = self._later(spans)
        index = bisect_left(spans.before, target) - 1
        return self._instant(spans.starts[index] + target - spans.before[index])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative when `end` lies before."""
        first, last = (start - EPOCH) // MICRO, (end - EPOCH) // MICRO
        spans = self._spans
        if spans is None or min(first, last) < spans.begins or max(first, last) >= spans.finishes:
            years = [_within(self.day_of(each).year) for each in (start, end)]
            spans = self._cover(min(years), max(years))
        return timedelta(microseconds=_worked(spans, last) - _worked(spans, first))

    # ── the years laid end to end ─────────────────────────────────────────────

    def _instant(self, micros: int) -> datetime:
        return (EPOCH + timedelta(microseconds=micros)).astimezone(self.zone)

    def _micros(self, day: date, minute: int) -> int:
        day, minute = (day, minute) if minute < 1440 else (day + ONE_DAY, minute - 1440)
        return (datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self.zone) - EPOCH) // MICRO

    def _windows(self, day: date, special: Day | None) -> Windows:
        hours = next(hours for hours in reversed(self.hours) if hours.from_on <= day)
        if special is None:
            return hours.weekly[day.weekday()]
        if not special.is_open:
            return ()
        return hours.makeup or hours.weekly[0] if special.windows is None else special.windows

    def _around(self, at: datetime) -> tuple[_Spans, int]:
        spans, micros = self._spans, (at - EPOCH) // MICRO
        if spans is None or not spans.begins <= micros < spans.finishes:
            year = _within(self.day_of(at).year)
            spans = self._cover(year, year)
        return spans, micros

    def _cover(self, first: int, last: int) -> _Spans:
        """Spans that hold at least these years. Raises BeyondCalendar beyond the years a calendar is made for."""
        spans = self._spans
        if spans and spans.first <= first and last <= spans.last:
            return spans
        if spans:
            first, last = min(first, spans.first), max(last, spans.last)
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise BeyondCalendar(
                _("There is no working calendar for this date; please check the year (%(first)s to %(last)s).")
                % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        self._spans = self._laid(first, last)
        return self._spans

    def _later(self, spans: _Spans) -> _Spans:
        """Twice as many years, up to the last there is."""
        return self._cover(spans.first, max(spans.last + 1, min(2 * spans.last - spans.first + 1, LAST_YEAR)))

    def _earlier(self, spans: _Spans) -> _Spans:
        return self._cover(min(spans.first - 1, max(2 * spans.first - spans.last - 1, FIRST_YEAR)), spans.last)

    def _laid(self, first: int, last: int) -> _Spans:
        starts: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        days: list[int] = []
        total = 0
        for year in range(first, last + 1):
            _special, year_windows, year_days = self._year(year)
            days += year_days
            for start, end in year_windows:
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
        edge = partial(self._micros, minute=0)
        return _Spans(first, last, edge(date(first, 1, 1)), edge(date(last + 1, 1, 1)), starts, ends, before, days)

    def _year(self, year: int) -> tuple[Mapping[date, Day], list[tuple[int, int]], list[int]]:
        if found := self._years.get(year):
            return found
        special = {**self.special(year), **{day: about for day, about in self.declared.items() if day.year == year}}
        laid: list[tuple[int, int]] = []
        working: list[int] = []
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            about = special.get(day)
            if about.is_open if about else day.weekday() not in self.rest_weekdays:
                working.append(ordinal)
            for start, end in self._windows(day, about):
                _lay(laid, self._micros(day, start), self._micros(day, end))
        self._years[year] = (special, laid, working)
        return self._years[year]


def _within(year: int) -> int:
    """The year, or the nearest one there is a calendar for: a date nobody can mean must not stop what it is read by."""
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _lay(laid: list[tuple[int, int]], start: int, end: int) -> None:
    """Append a window; one that touches the last is joined to it, one that a clock change swallowed is left out."""
    if laid and start <= laid[-1][1]:
        if end > laid[-1][1]:
            laid[-1] = (laid[-1][0], end)
    elif start < end:
        laid.append((start, end))


def _worked(spans: _Spans, micros: int) -> int:
    """Working microseconds from the beginning of the spans to this instant."""
    index = bisect_right(spans.starts, micros) - 1
    return spans.before[index] + min(micros, spans.ends[index]) - spans.starts[index] if index >= 0 else 0


ROUND_THE_CLOCK = Hours(weekly=(((0, 1440),),) * 7, makeup=((0, 1440),))


def round_the_clock(key: str = "none:", zone: str = "UTC") -> Calendar:
    """Always open: working time is the wall clock's."""
    return Calendar(key, "24/7", ZoneInfo(zone), (ROUND_THE_CLOCK,), rest_weekdays=frozenset())


def office_hours(weekdays: Iterable[int], *spans: str) -> Hours:
    """The same windows on these weekdays and on make-up days."""
    usual, open_on = windows(*spans), frozenset(weekdays)
    return Hours(weekly=tuple(usual if weekday in open_on else () for weekday in range(7)), makeup=usual)
