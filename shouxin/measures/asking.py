"""What is asked of an indicator: a period of the company's days, by what, of which facts, in which statistic."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from shouxin.core.audience import Audience
from shouxin.record.indicator import CALENDAR, KEY, WORKING

TIMES = ("year", "quarter", "month", "week", "day")


class NotAsked(ValueError):
    """The question makes no sense; the text says what would."""


@dataclass(frozen=True)
class Question:
    """`until_on` is exclusive. `where` holds pairs; the same key twice means one or the other.

    `cells` are the pairs of one row of an answer: all of them hold.
    """

    code: str
    from_on: date
    until_on: date
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    stat: str = ""
    days: int | None = None
    unit: str = CALENDAR
    as_known_at: datetime | None = None
    audience: Audience | None = None
    today: date | None = None
    cells: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.from_on >= self.until_on:
            raise NotAsked(_("The period is empty: the last day is not part of it, so it must come after the first."))
        if self.unit not in {CALENDAR, WORKING}:
            raise NotAsked(_("A unit of time is “calendar” or “working”."))
        if self.days is not None and self.days < 0:
            raise NotAsked(_("A number of days is zero or more."))
        for key in (*self.by, *(key for key, _value in (*self.where, *self.cells))):
            if not KEY.match(key):
                raise NotAsked(_("“%(key)s” is not a field of the recorded facts.") % {"key": key})
        if len([key for key in self.by if key in TIMES]) > 1:
            raise NotAsked(_("Only one of year, quarter, month, week and day can be asked at a time."))

    @property
    def span(self) -> str:
        """The stretch of time by which is asked; empty for the period as a whole."""
        return next((key for key in self.by if key in TIMES), "")

    def but(self, **changes: Any) -> "Question":
        return replace(self, **changes)

    def within(self, cell: dict[str, str]) -> "Question":
        """The question behind one row of the answer: its period, and its values as conditions."""
        from_on, until_on, cells = self.from_on, self.until_on, self.cells
        for key, value in cell.items():
            if key in TIMES:
                first = first_day(key, value)
                from_on, until_on = max(from_on, first), min(until_on, next_start(key, first))
            else:
                cells = (*cells, (key, value))
        return self.but(from_on=from_on, until_on=until_on, cells=cells, by=())


def first_day(span: str, label: str) -> date:
    """The first day of the stretch with this label: "2026", "2026-Q4", "2026-11", and a day for week and day."""
    try:
        if span == "quarter":
            year, quarter = label.split("-Q")
            return date(int(year), int(quarter) * 3 - 2, 1)
        return date.fromisoformat({"year": f"{label}-01-01", "month": f"{label}-01"}.get(span, label))
    except ValueError:
        raise NotAsked(_("“%(label)s” is not a date as expected here.") % {"label": label})


def label_of(span: str, day: date) -> str:
    """The label of the stretch that begins on this day."""
    if span == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return {"year": f"{day:%Y}", "month": f"{day:%Y-%m}"}.get(span, f"{day:%Y-%m-%d}")


def start_of_span(span: str, day: date) -> date:
    """The first day of the year, quarter, month or week in which the day lies; a week begins on Monday."""
    if span == "year":
        return date(day.year, 1, 1)
    if span == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if span == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if span == "week" else day


def next_start(span: str, first: date) -> date:
    """The first day after the stretch that begins on `first`."""
    longest = {"year": 366, "quarter": 92, "month": 31, "week": 7, "day": 1}[span]
    return start_of_span(span, first + timedelta(days=longest))


def stretches(asked: Question) -> list[tuple[date, date]]:
    """The stretches of the period, each with its first day and the first day after it."""
    if not asked.span:
        return [(asked.from_on, asked.until_on)]
    found, first = [], start_of_span(asked.span, asked.from_on)
    while first < asked.until_on:
        after = next_start(asked.span, first)
        found.append((max(first, asked.from_on), min(after, asked.until_on)))
        first = after
    return found
