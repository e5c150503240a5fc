"""A year of a calendar, ready to be shown."""

from dataclasses import dataclass
from datetime import date, timedelta

from shouxin.jurisdictions.calendars import Calendar, Certainty


@dataclass(frozen=True)
class DayShown:
    day: date
    kind: str  # "" a working day, rest, holiday, makeup, closed (declared), opened (declared)
    name: str
    certainty: Certainty


@dataclass(frozen=True)
class YearShown:
    """Twelve months as weeks of seven days (None outside the month), and the special days as a list."""

    number: int
    months: tuple[tuple[date, tuple[tuple[DayShown | None, ...], ...]], ...]
    special: tuple[DayShown, ...]
    working_days: int
    certainty: Certainty  # that of its least sure day


def year_of(calendar: Calendar, year: int) -> YearShown:
    """What every day of the year is."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = [_shown(calendar, first + timedelta(days=offset)) for offset in range((after - first).days)]
    by_month = [[each for each in days if each.day.month == month] for month in range(1, 13)]
    return YearShown(
        number=year,
        months=tuple((month[0].day, _weeks(month)) for month in by_month),
        special=tuple(each for each in days if each.kind not in ("", "rest")),
        working_days=calendar.working_days_between(first - timedelta(days=1), after - timedelta(days=1)),
        certainty=max((each.certainty for each in days), key=list(Certainty).index),
    )


def _shown(calendar: Calendar, day: date) -> DayShown:
    about = calendar.about(day)
    if about is None:
        kind = "" if calendar.is_working_day(day) else "rest"
    elif about.is_declared:
        kind = "opened" if about.is_open else "closed"
    else:
        kind = "makeup" if about.is_open else "holiday"
    return DayShown(day, kind, about.name if about else "", calendar.certainty_on(day))


def _weeks(month: list[DayShown]) -> tuple[tuple[DayShown | None, ...], ...]:
    cells: list[DayShown | None] = [None] * month[0].day.weekday() + list(month)
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
