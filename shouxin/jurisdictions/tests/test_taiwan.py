"""Taiwan's deadlines against published and hand-counted examples."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.reckoning import months_end

TAIPEI = ZoneInfo("Asia/Taipei")


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        ("TW-01", at(2026, 10, 30, 15, 12), at(2026, 11, 17, 0)),  # 11/14 is a Saturday: until 11/16 24:00
        ("TW-14", at(2026, 11, 22, 20, 41), at(2026, 12, 23, 0)),  # 12/22, a working Tuesday
        ("TW-03", at(2026, 1, 30), at(2026, 3, 3, 0)),  # last of February: 02-28 a holiday Saturday, 03-01 Sunday
        ("TW-17", at(2025, 1, 24), at(2025, 2, 14, 0)),  # past the New Year holidays, 02-08 is made up
        ("TW-05", at(2026, 12, 31), at(2026, 12, 1, 0)),  # thirty full days before
    ],
)
def test_a_deadline_falls_where_the_law_puts_it(rule: str, start: datetime, due: datetime):
    taiwan = pack("TW")
    reckoning = taiwan.rule(rule).reckon(start, taiwan.calendar("台北市"))
    assert reckoning.due_at == due
    assert taiwan.rule(rule).due(start, taiwan.calendar("台北市")) == due


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 1, 16), 1, date(2026, 2, 15)),  # the day before the corresponding one
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # no corresponding day: the last of the month
        (date(2026, 2, 1), 1, date(2026, 2, 28)),  # a whole month
        (date(2023, 8, 31), 6, date(2024, 2, 29)),  # a leap year
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
    ],
)
def test_months_end_as_articles_121_and_123_say(first: date, months: int, last: date):
    assert months_end(first, months) == last
