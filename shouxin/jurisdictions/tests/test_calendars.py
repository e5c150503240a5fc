"""Calendars of places: and how sure each of their days is."""

from datetime import date, datetime, timedelta

import pytest

from shouxin.jurisdictions.calendars import Day
from shouxin.jurisdictions.packs import pack, packs


@pytest.mark.parametrize(
    ("code", "day", "works"),
    [
        ("TW", date(2025, 1, 27), False),  # bridged, made up on 02-08
        ("TW", date(2025, 2, 8), True),
        ("TW", date(2025, 9, 29), False),  # one of the three added in May 2025
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


@pytest.mark.parametrize(
    ("code", "day", "certainty"),
    [
        ("TW", date(2016, 12, 30), "published"), ("TW", date(2017, 1, 2), "official"),
        ("TW", date(2025, 12, 25), "official"), ("TW", date(2026, 12, 31), "official"),
        ("TW", date(2027, 1, 1), "expected"), ("CN", date(2018, 1, 1), "official"),
        ("CN", date(2026, 12, 31), "official"), ("CN", date(2027, 1, 1), "expected"),
        ("HK", date(2020, 7, 1), "published"), ("HK", date(2026, 7, 1), "published"),
        ("HK", date(2028, 7, 1), "expected"), ("UK", date(2019, 12, 25), "published"),
        ("SG", date(2024, 8, 9), "published"), ("SG", date(2027, 8, 9), "expected"),
        ("US-CA", date(2030, 7, 4), "published"), ("US-TX", date(2030, 3, 2), "official"),
        ("US-AK", date(2031, 10, 18), "official"),
    ],
)  # fmt: skip
def test_how_sure_each_day_is(code: str, day: date, certainty: str):
    assert pack(code).calendar().certainty_on(day) == certainty


def test_a_day_declared_here_is_as_sure_as_a_day_can_be():
    closed = {date(2028, 7, 3): Day("颱風", is_open=False, is_declared=True)}
    assert pack("TW").calendar("台北市", declared=closed).certainty_on(date(2028, 7, 3)) == "official"


def test_the_days_of_taiwan_in_2026_are_those_of_the_official_list():
    days = pack("TW").holidays.of_year(2026)
    assert {f"{day:%m-%d}": about.name for day, about in days.items()} == {
        "01-01": "開國紀念日", "02-15": "小年夜", "02-16": "農曆除夕", "02-17": "春節", "02-18": "春節",
        "02-19": "春節", "02-20": "補假", "02-27": "補假", "02-28": "和平紀念日", "04-03": "補假",
        "04-04": "兒童節", "04-05": "民族掃墓節", "04-06": "補假", "05-01": "勞動節", "06-19": "端午節",
        "09-25": "中秋節", "09-28": "孔子誕辰紀念日", "10-09": "補假", "10-10": "國慶日",
        "10-25": "臺灣光復暨金門古寧頭大捷紀念日", "10-26": "補假", "12-25": "行憲紀念日",
    }  # fmt: skip
    # As announced: 365 days with 120 on which offices rest.
    year = (date(2026, 1, 1) + timedelta(days=offset) for offset in range(365))
    assert sum(not pack("TW").calendar().is_working_day(day) for day in year) == 120
    assert pack("TW").calendar().version.startswith("TW-2025-06")


@pytest.mark.parametrize(("eve_before", "eve"), [("2026-02-15", "2026-02-16"), ("2027-02-04", "2027-02-05")])
def test_the_day_before_new_years_eve_has_its_own_name(eve_before: str, eve: str):
    calendar = pack("TW").calendar()
    names = [calendar.about(date.fromisoformat(day)).name for day in (eve_before, eve)]
    assert names == ["小年夜", "農曆除夕"]


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
