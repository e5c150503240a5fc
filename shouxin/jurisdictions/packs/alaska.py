"""The holidays of Alaska: AS 44.12.010, and the days on which they are kept when they fall on a weekend (.020, .025).

The second Monday of October is none of them. Juneteenth is one since 2021.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from shouxin.jurisdictions.calendars import ONE_DAY, Day
from shouxin.jurisdictions.packs.texas import MONDAY, THURSDAY, nth

SATURDAY, SUNDAY = 5, 6
FIXED = {
    (1, 1): "New Year's Day", (7, 4): "Independence Day", (10, 18): "Alaska Day", (11, 11): "Veterans' Day",
    (12, 25): "Christmas Day",
}  # fmt: skip
JUNETEENTH_SINCE = 2021


@cache
def holidays_of(year: int) -> Mapping[date, Day]:
    """The holidays of a year, with the weekdays on which those of a weekend are kept."""
    kept = {day: name for each in (year, year + 1) for day, name in _kept(each).items() if day.year == year}
    return {day: Day(name, is_open=False) for day, name in kept.items()}


def _kept(year: int) -> dict[date, str]:
    named = _named(year)
    moved = {day + ONE_DAY: name for day, name in named.items() if day.weekday() == SUNDAY}
    moved |= {day - ONE_DAY: name for day, name in named.items() if day.weekday() == SATURDAY}
    return {day: f"{name} (observed)" for day, name in moved.items()} | named


def _named(year: int) -> dict[date, str]:
    named = {date(year, *day): name for day, name in FIXED.items()} | {
        nth(year, 1, MONDAY, 3): "Martin Luther King, Jr.'s Birthday",
        nth(year, 2, MONDAY, 3): "Presidents' Day",
        _last_monday(year, 3): "Seward's Day",
        _last_monday(year, 5): "Memorial Day",
        nth(year, 9, MONDAY, 1): "Labor Day",
        nth(year, 11, THURSDAY, 4): "Thanksgiving Day",
    }
    return named | ({date(year, 6, 19): "Juneteenth Day"} if year >= JUNETEENTH_SINCE else {})


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())
