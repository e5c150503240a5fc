"""Calendars of places: official where a list is shipped, provisional where not."""

from datetime import date, datetime, timedelta

import pytest

from shouxin.jurisdictions.packs import pack, packs


@pytest.mark.parametrize(
    ("code", "day", "works"),
    [
        ("TW", date(2025, 1, 27), False),  # bridged, made up on 02-08
        ("TW", date(2025, 2, 8), True),
        ("TW", date(2025, 9, 29), False),  # the three that the list of March 2025 misses
        ("TW", date(2025, 10, 24), False),
        ("TW", date(2025, 12, 25), False),
        ("TW", date(2023, 9, 23), True),
        ("TW", date(2026, 2, 16), False),
        ("CN", date(2026, 10, 7), False),
        ("CN", date(2026, 10, 10), True),
        ("CN", date(2018, 12, 29), True),  # announced with the year 2019
        ("CN", date(2018, 12, 31), False),
        ("HK", date(2026, 7, 1), False),
        ("UK", date(2026, 8, 31), False),
        ("SG", date(2026, 8, 10), False),
        ("US-TX", date(2026, 11, 26), False),
    ],
)
def test_a_day_works_or_rests(code: str, day: date, works: bool):
    assert pack(code).calendar().is_working_day(day) is works


def test_what_is_official_and_what_is_provisional():
    taiwan, mainland = pack("TW").calendar(), pack("CN").calendar()
    assert [taiwan.is_provisional_on(day) for day in (date(2025, 8, 31), date(2025, 9, 1), date(2016, 12, 30))] == [
        False,
        True,
        True,
    ]
    assert [mainland.is_provisional_on(day) for day in (date(2018, 1, 1), date(2026, 12, 31), date(2027, 1, 1))] == [
        False,
        False,
        True,
    ]
    assert pack("HK").calendar().is_provisional_on(date(2026, 7, 1))
    assert taiwan.version.startswith("TW-2025-05")


def test_the_number_of_working_days_of_published_years():
    published = {("TW", 2024): 251, ("TW", 2023): 249, ("CN", 2024): 251, ("CN", 2026): 248}
    counted = {
        (code, year): pack(code).calendar().working_days_between(date(year - 1, 12, 31), date(year, 12, 31))
        for code, year in published
    }
    assert counted == published


def test_every_place_has_a_name_for_its_holidays_and_a_year_to_show():
    for one in packs():
        if one.has_calendar and one.code != "none":
            special = one.calendar().special(2026)
            assert any(about.name and not about.is_open for about in special.values()), one.code


def test_a_million_deadlines_take_seconds_not_minutes():
    calendar = pack("TW").calendar("台北市")
    start, rule = datetime(2026, 3, 3, 10, tzinfo=calendar.zone), pack("TW").rule("TW-14")
    began = datetime.now()
    for offset in range(5000):
        rule.due(start + timedelta(minutes=offset), calendar)
    assert (datetime.now() - began) / 5000 < timedelta(microseconds=200)  # measured: about 4
