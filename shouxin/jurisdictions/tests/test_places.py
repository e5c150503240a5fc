"""Due instants outside Taiwan, counted by hand, and whole years of holidays against the official lists."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shouxin.jurisdictions.packs import pack

YEAR = 2026


def due(code: str, rule: str, start: str, version: int | None = None) -> str:
    """The due instant on the wall of the place, as an ISO minute."""
    one = pack(code)
    start_at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(one.zone))
    return one.rule(rule, version).due(start_at, one.calendar()).astimezone(ZoneInfo(one.zone)).isoformat()[:16]


@pytest.mark.parametrize(
    ("code", "rule", "start", "expected"),
    [
        # 14VAC5-400-50 A to C as amended on 1 January 2018: calendar days.
        ("US-VA", "US-10-VA", "2026-03-20T17:31", "2026-04-05T00:00"),
        ("US-VA", "US-10b-VA", "2026-06-25T09:00", "2026-07-11T00:00"),
        ("US-VA", "US-10c-VA", "2026-12-24T09:00", "2027-01-09T00:00"),
        # Good Friday, the Saturday after it, Easter Monday and the day after Ching Ming are general holidays.
        ("HK", "HK-06", "2026-03-30T10:00", "2026-04-23T00:00"),
        ("HK", "HK-01", "2026-04-13T10:00", "2026-05-05T00:00"),  # 05-04 is a Monday
        ("HK", "HK-01", "2026-04-10T10:00", "2026-05-05T00:00"),  # 05-01 is Labour Day, 05-02 a Saturday
        # Good Friday and Cesar Chavez Day are optional holidays, and 4 July is kept on its own day.
        ("US-TX", "US-08b-TX", "2026-03-20T17:31", "2026-04-11T00:00"),
        ("US-TX", "US-08b-TX", "2026-06-25T09:00", "2026-07-17T00:00"),
    ],
)
def test_a_deadline_falls_where_the_place_puts_it(code, rule, start, expected):
    assert due(code, rule, start) == expected


def test_what_virginia_said_until_2017_is_kept_beside_what_it_says_now():
    old, new = pack("US-VA").rule("US-10-VA", 1), pack("US-VA").rule("US-10-VA", 2)
    assert (old.limit, old.unit, old.valid_until) == (10, "working_days", date(2017, 12, 31))
    assert (new.limit, new.unit, new.valid_from) == (15, "calendar_days", date(2018, 1, 1))
    for day, version in ((date(2018, 1, 1), 2), (date(2017, 12, 31), 1)):
        found = pack("US-VA").rules_for("claim", day, start="claim_received")
        assert [rule.version for rule in found if rule.id == "US-10-VA"] == [version]


def _holidays(code: str, year: int) -> set[str]:
    return {f"{day:%m-%d}" for day, about in pack(code).holidays.of_year(year).items() if not about.is_open}


def test_texas_keeps_national_and_state_holidays_alone():
    """Gov't Code 662.003 (a) and (b) for 2026: no Good Friday, no Cesar Chavez Day, no Friday before 4 July."""
    assert _holidays("US-TX", YEAR) == {
        "01-01", "01-19", "02-16", "03-02", "04-21", "05-25", "06-19", "07-04", "08-27", "09-07", "11-11", "11-26",
        "11-27", "12-24", "12-25", "12-26",
    }  # fmt: skip
    assert {"01-15", "05-27", "11-22"} & _holidays("US-TX", 2024) == {"01-15", "05-27"}


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # The general holidays as gazetted, Sundays apart.
        (2010, "01-01 02-13 02-15 02-16 04-02 04-03 04-05 04-06 05-01 05-21 06-16 07-01 09-23 10-01 10-16 12-25 12-27"),
        (2026, "01-01 02-17 02-18 02-19 04-03 04-04 04-06 04-07 05-01 05-25 06-19 07-01 09-26 10-01 10-19 12-25 12-26"),
    ],
)
def test_hong_kong_rests_on_its_general_holidays(year: int, days: str):
    on_weekdays = {day for day in _holidays("HK", year) if date.fromisoformat(f"{year}-{day}").weekday() != 6}
    assert on_weekdays == set(days.split())


def test_iowa_and_ohio_bind_property_and_casualty_insurers_only():
    for code in ("US-IA", "US-OH"):
        bound = [rule for rule in pack(code).rules if rule.binds == "insurer"]
        assert bound and {rule.scope for rule in bound} == {("property_casualty",)}, code


def test_the_british_six_months_run_from_the_day_the_answer_was_sent():
    assert pack("UK").rule("UK-04").starts == ("result_sent",)
    assert due("UK", "UK-04", "2026-01-31T12:00") == "2026-08-01T00:00"


def test_taiwan_lets_the_customer_go_on_when_nobody_answered_in_time():
    assert pack("TW").rule("TW-15").starts == ("result_received", "answer_overdue")
    assert pack("TW").rule("TW-08").starts == ("late_application_received",)


@pytest.mark.parametrize(
    ("code", "rule", "start", "expected"),
    [
        ("TW", "TW-51", "2026-11-24T10:00", "2026-12-05T00:00"),
        ("US-TX", "US-08d-TX", "2026-03-20T10:00", "2026-05-20T00:00"),
        ("US-TX", "US-08e-TX", "2026-03-20T10:00", "2026-04-05T00:00"),
        ("US-VA", "US-10d-VA", "2026-03-20T10:00", "2026-04-05T00:00"),
        ("US-VA", "US-10e-VA", "2026-03-20T10:00", "2026-05-05T00:00"),
        ("US-AK", "US-17c-AK", "2026-11-09T10:00", "2026-11-25T00:00"),  # Veterans Day on 11-11
        ("US-PA", "US-18f-PA", "2026-03-02T10:00", "2026-04-02T00:00"),
        ("US-OH", "US-05b-OH", "2026-06-19T10:00", "2026-07-07T00:00"),  # 07-04, a Saturday: until Monday 07-06
        ("SG", "SG-08d", "2026-03-02T10:00", "2026-03-17T00:00"),
        ("US-AK", "US-17c-AK", "2026-10-01T10:00", "2026-10-16T00:00"),  # the second Monday of October is a working day
        ("US-AK", "US-17c-AK", "2026-10-07T10:00", "2026-10-23T00:00"),  # Alaska Day, a Sunday, kept on Monday 10-19
        ("US-PA", "US-18-PA", "2026-11-20T10:00", "2026-12-15T00:00"),  # the day after Thanksgiving counts
        ("HK", "HK-02", "2026-11-26T10:00", "2026-12-29T00:00"),  # 12-26 to 12-27: rest
    ],
)
def test_the_terms_that_were_missing_fall_where_their_text_puts_them(code, rule, start, expected):
    assert due(code, rule, start) == expected


def test_alaska_rests_on_the_days_its_statutes_name():
    days = "01-01 01-19 02-16 03-30 05-25 06-19 07-03 07-04 09-07 10-18 10-19 11-11 11-26 12-25"
    assert _holidays("US-AK", 2026) == set(days.split())
    assert "12-31" in _holidays("US-AK", 2027)  # New Year's Day 2028 is a Saturday


def test_the_acts_that_keep_a_rule_are_all_that_its_text_lets_keep_it():
    kept_by = {
        ("CN", "CN-47"): ("acknowledgement", "decision", "done"),
        ("CN", "CN-12"): ("final_letter", "answer", "decision_told"),
        ("UK", "UK-02"): ("final_letter", "answer", "holding_letter"),
        ("SG", "SG-03"): ("final_letter", "answer", "holding_letter"),
    }
    assert {key: pack(key[0]).rule(key[1]).kept_by for key in kept_by} == kept_by


def test_every_singaporean_term_of_a_complaint_begins_for_a_disputed_claim():
    rules = [rule for rule in pack("SG").rules if rule.start == "complaint_received"]
    assert {rule.id for rule in rules if "A13" not in rule.services} == set()
