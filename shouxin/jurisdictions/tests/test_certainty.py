"""A step says which of the days that decided a due instant are not from an official list; and what began the term."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from shouxin.jurisdictions.packs import pack


def steps(code: str, rule: str, start: str, begun_by: str = "") -> dict[str, str]:
    """The lines of a reckoning by their headings, as a customer in Taiwan reads them."""
    calendar = pack("TW" if code == "company" else code).calendar()
    start_at = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(str(calendar.zone)))
    with translation.override("zh-hant"):
        reckoned = pack(code).rule(rule).reckon(start_at, calendar, begun_by=begun_by)
        return {step.told_label: step.told for step in reckoned.steps}


UNPUBLISHED, PUBLIC = "尚未公告的假日", "取自公開資料的假日"


def test_days_of_a_year_not_yet_published_are_named_where_they_decide():
    told = steps("company", "CO-03", "2027-02-01T10:00")
    assert told[UNPUBLISHED].split("、")[0] == "2027/2/4(四) 小年夜"
    assert PUBLIC not in told


@pytest.mark.parametrize("start", ["2026-02-02T10:00", "2025-12-20T10:00", "2027-03-08T10:00"])
def test_official_days_and_a_term_without_a_holiday_bear_no_mark(start):
    assert {UNPUBLISHED, PUBLIC}.isdisjoint(steps("company", "CO-03", start))


def test_a_last_day_that_rolls_over_an_unpublished_holiday_is_marked():
    told = steps("TW", "TW-14", "2027-01-05T10:00")  # 30 days: until 4 February
    assert told[UNPUBLISHED].startswith("2027/2/4(四) 小年夜") and told["期限"].startswith("2027/2/11")


def test_gazetted_days_of_the_past_are_never_called_unpublished():
    told = steps("SG", "SG-03", "2025-07-15T10:00")
    assert UNPUBLISHED not in told and "2025/8/9" not in told.get(PUBLIC, "")  # a Saturday decides nothing
    assert "National Day" in steps("SG", "SG-03", "2024-07-25T10:00")[PUBLIC]


@pytest.mark.parametrize(
    ("code", "rule", "begun_by", "label"),
    [
        ("company", "CO-03", "complaint_received", "收到申訴"), ("company", "CO-03", "case_reopened", "案件重新開啟"),
        ("company", "CO-03", "last_report", "上次說明"), ("company", "CO-03", "", "起算"),
        ("TW", "TW-14", "case_reopened", "案件重新開啟"), ("TW", "TW-14", "", "起算"),
        ("TW", "TW-10", "", "收到通知"),
    ],
)  # fmt: skip
def test_the_start_is_called_by_the_event_that_really_began_it(code, rule, begun_by, label):
    assert label in steps(code, rule, "2026-11-24T10:00", begun_by)


def test_a_calendar_that_leaves_days_out_is_of_another_version_than_with_them():
    """So that what was promised before the days were left out is reckoned anew."""
    left_out = pack("US-PA").holidays
    kept = replace(left_out, undecided=())
    assert pack("US-PA").calendar().version == f"US-PA-{kept.edition}/without Day After Thanksgiving"
