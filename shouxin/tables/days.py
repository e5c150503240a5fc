"""Days and instants as people write them. What a text alone can't settle, the column, the file or a choice does."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.tables.parsing.cells import folded
from shouxin.tables.parsing.dates import (
    DAY_FIRST,
    MONTH_FIRST,
    REPUBLIC,
    WESTERN,
    Written,
    is_null,
    written,
)

SERIAL_BEGINS = date(1899, 12, 30)
YEAR_ONE = 1911  # of the Republic: 1912


class Unreadable(ValueError):
    """A cell that can't be taken; the text says why, or is empty where nothing more can be said."""


class Implausible(Unreadable):
    """A day outside of its window; the text repeats it."""


@dataclass(frozen=True)
class Window:
    """The days that are plausible in a column: from `first` until so many days after today."""

    first: date = date(1950, 1, 1)
    ahead: int | None = 1  # None: far into the future

    def require(self, day: date) -> date:
        last = date(2200, 12, 31) if self.ahead is None else day_of(now()) + timedelta(days=self.ahead)
        if not self.first <= day <= last:
            limits = {"day": day.isoformat(), "first": self.first.isoformat(), "last": last.isoformat()}
            raise Implausible(_("%(day)s is not plausible here (%(first)s to %(last)s).") % limits)
        return day


@dataclass(frozen=True)
class Manner:
    """How days are written in a file: what was found in its columns, and what somebody chose."""

    signs: dict[str, frozenset[str]] = field(default_factory=dict)
    chosen: str = ""  # day-first, month-first, republic

    def day_first(self, column: str) -> bool | None:
        if self.chosen in ("day-first", "month-first"):
            return self.chosen == "day-first"
        for signs in (self.signs.get(column, frozenset()), frozenset().union(*self.signs.values())):
            if (DAY_FIRST in signs) != (MONTH_FIRST in signs):
                return DAY_FIRST in signs
            if DAY_FIRST in signs:
                return None
        return None

    def short_is_republic(self, column: str) -> bool:
        """Whether 69/05/17 is of the Republic: where the column, or else the file, writes its other days so."""
        if self.chosen == "republic":
            return True
        own = self.signs.get(column, frozenset())
        if own & {REPUBLIC, WESTERN}:
            return REPUBLIC in own and WESTERN not in own
        return any(REPUBLIC in signs for signs in self.signs.values())


def read_day(text: str, column: str, manner: Manner, window: Window) -> date | None:
    """The day of this cell; None for what stands for no day. Raises Unreadable."""
    text = folded(text)
    if is_null(text):
        return None
    found = written(text)
    if found is None:
        raise Unreadable
    return window.require(_day(found, column, manner))


def read_instant(text: str, column: str, manner: Manner, window: Window, zone: tzinfo) -> tuple[datetime, bool] | None:
    """(instant, whether only a day is written), a day beginning at midnight of `zone`. Raises Unreadable."""
    text = folded(text)
    if is_null(text):
        return None
    found = written(text)
    if found is None:
        raise Unreadable
    day = window.require(_day(found, column, manner))
    if found.serial is not None and found.serial % 1:
        clock = timedelta(seconds=round(found.serial % 1 * 86_400))
        return datetime(day.year, day.month, day.day, tzinfo=zone) + clock, False
    if not found.has_clock or (found.hour, found.minute, found.second_of, found.zone) == (0, 0, 0, ""):
        return datetime(day.year, day.month, day.day, tzinfo=zone), True
    if found.hour == 24:
        if found.minute or found.second_of:
            raise Unreadable
        day += timedelta(days=1)
    where = _zone(found.zone) if found.zone else zone
    return datetime(
        day.year, day.month, day.day, found.hour % 24, found.minute, found.second_of, tzinfo=where
    ), False  # fmt: skip


def _zone(text: str) -> tzinfo:
    if text in ("Z", "UTC"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise Unreadable(_("No place on earth is %(offset)s from UTC.") % {"offset": text})
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if text[0] == "+" else -ahead)


def _day(found: Written, column: str, manner: Manner) -> date:
    if found.serial is not None:
        return SERIAL_BEGINS + timedelta(days=int(found.serial))
    try:
        if found.form == "ymd":
            return _year_first(found, column, manner)
        day, month = found.first, found.second
        if found.form == "dmy?":
            day, month = _turned(found, column, manner)
        return date(found.third, month, day)
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable from None


def _year_first(found: Written, column: str, manner: Manner) -> date:
    year, is_republic = found.first, found.is_republic
    if found.has_short_year:
        if not manner.short_is_republic(column):
            raise Unreadable(
                _("A year of two digits can be read in several ways: write 2024/01/05 or 113/01/05, or choose how.")
            )
        is_republic = True
    if is_republic and year > 250:
        raise Unreadable
    return date(year + YEAR_ONE if is_republic else year, found.second, found.third)


def _turned(found: Written, column: str, manner: Manner) -> tuple[int, int]:
    """(day, month). One above 12 settles it; otherwise what the column does."""
    if found.first > 12 or found.second > 12 or found.first == found.second:
        return (found.second, found.first) if found.second > 12 else (found.first, found.second)
    if (is_day_first := manner.day_first(column)) is None:
        raise Unreadable(_("It can't be told which is the day and which the month: choose how, or write 2024-01-05."))
    return (found.first, found.second) if is_day_first else (found.second, found.first)
