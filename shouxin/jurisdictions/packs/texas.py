"""The holidays of Texas: national and state holidays of Gov't Code 662.003 (a) and (b), on their own day.

Optional holidays (662.003 (c), 662.013: Good Friday, Rosh Hashanah, Yom Kippur, Cesar Chavez Day) are working days, and
a holiday on a Saturday or Sunday is not moved to another day.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from shouxin.jurisdictions.calendars import Day

MONDAY, THURSDAY = 0, 3
FIXED = {
    (1, 1): "New Year's Day", (1, 19): "Confederate Heroes Day", (3, 2): "Texas Independence Day",
    (4, 21): "San Jacinto Day", (6, 19): "Emancipation Day in Texas", (7, 4): "Independence Day",
    (8, 27): "Lyndon Baines Johnson Day", (11, 11): "Veterans Day", (12, 24): "Christmas Eve",
    (12, 25): "Christmas Day", (12, 26): "Day after Christmas",
}  # fmt: skip


@cache
def holidays_of(year: int) -> Mapping[date, Day]:
    """The holidays of a year, each on the day the law names."""
    thanksgiving = nth(year, 11, THURSDAY, 4)
    memorial = date(year, 5, 31) - timedelta(days=date(year, 5, 31).weekday())
    named = {date(year, *day): name for day, name in FIXED.items()} | {
        nth(year, 1, MONDAY, 3): "Martin Luther King, Jr., Day",
        nth(year, 2, MONDAY, 3): "Presidents' Day",
        memorial: "Memorial Day",
        nth(year, 9, MONDAY, 1): "Labor Day",
        thanksgiving: "Thanksgiving Day",
        thanksgiving + timedelta(days=1): "Day after Thanksgiving",
    }
    return {day: Day(name, is_open=False) for day, name in named.items()}


def nth(year: int, month: int, weekday: int, count: int) -> date:
    """The `count`-th such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
