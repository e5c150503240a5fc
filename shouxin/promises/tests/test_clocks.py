"""The clock says what the pictures say, in the unit of the rule."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.jurisdictions.packs import pack
from shouxin.people.queries import staff_names
from shouxin.promises.actions import keep, pause, withdraw
from shouxin.promises.firing import break_due
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.queries import clock_of, clocks_about, clocks_of, nearest_clocks
from shouxin.promises.tests.stories import CALLBACK, CASE, COMPLAINT, SERVICING, at, promised

pytestmark = pytest.mark.django_db
NOW = at("11-24", "14:40")
TEN_DAYS = replace(SERVICING, id="CO-99", limit=10)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def _said(clock) -> tuple:
    return clock.state, clock.left_text, clock.due_text


def test_thirty_days_run():
    clock = clock_of(promised(), NOW)
    assert _said(clock)[:2] == ("running", "28 days to go")
    assert clock.due_text.startswith("by ") and "Tue 22 Dec" in clock.due_text and clock.due_text.endswith("24:00")
    assert (clock.number, clock.unit, clock.segments, clock.segments_used) == (28, "days", 30, 2)
    assert clock.title == "Complaint answered" and clock.percent == 6 and clock.is_ticking
    assert [line.label for line in clock.steps][:2] == [
        "Rule",
        "Complaint received",
    ] and clock.version == COMPLAINT.version


def test_a_call_back_is_due_soon():
    clock = clock_of(promised(CALLBACK, start_at=at("11-24", "13:15")), NOW)
    assert _said(clock) == ("soon", "35 minutes left", "by 15:15 today")
    assert clock.percent == 71 and (clock.segments, clock.segments_used) == (2, 1)


def test_units_are_not_mixed_while_it_stands_still():
    promise = promised(TEN_DAYS, start_at=at("11-20", "18:00"))  # a Friday evening, paused on Sunday morning
    pause(promise, at=at("11-22", "06:00"), reason="waiting_for_papers")

    assert clock_of(promise, NOW).detail[0] == "0 working days used, 10 working days to go"


def test_the_arc_follows_working_time_until_the_words_change():
    clock = clock_of(promised(CALLBACK, start_at=at("11-24", "11:30")), at("11-24", "11:45"))

    # Two working hours: until noon, then from one o'clock on; 105 minutes are left and then an hour.
    assert clock.arc == "0:12.5 900:25.0 4500:25.0 6301:50.0"
    assert (clock.wait, clock.state_wait) == (6301, at_seconds("11-24", "11:45", "13:54"))


def test_a_clock_that_stands_still_neither_moves_nor_turns():
    promise = promised(TEN_DAYS, start_at=at("11-20", "16:00"))
    pause(promise, at=at("11-23", "16:20"), reason="waiting_for_papers")
    clock = clock_of(promise, NOW)

    assert (clock.arc, clock.wait, clock.state_wait) == ("", None, None)


def test_the_state_turns_at_seven_tenths_and_at_the_due_instant():
    promise = promised(COMPLAINT)
    early, late = clock_of(promise, NOW), clock_of(promise, at("12-20", "10:00"))

    assert early.reading.state_turns_at() == promise.start_at + (promise.due_at - promise.start_at) * 0.7
    assert late.reading.state_turns_at() == promise.due_at
    assert early.reading.turns_at() == at("11-25", "00:00") and early.wait == at_seconds("11-24", "14:40", "24:00")


def at_seconds(day: str, start: str, end: str) -> int:
    """Seconds of one day from this hour to that."""
    minutes = [int(hour[:2]) * 60 + int(hour[3:]) for hour in (start, end)]
    return (minutes[1] - minutes[0]) * 60


def test_a_paused_clock_says_what_was_used_and_whom_we_wait_for():
    promise = promised(TEN_DAYS, start_at=at("11-20", "16:00"))
    pause(promise, at=at("11-23", "16:20"), reason="waiting_for_papers", waiting_for="王小姐補診斷證明書")
    clock = clock_of(promise, NOW)
    assert _said(clock) == ("paused", "Paused", "")
    assert clock.detail[0] == "1 working day used, 9 working days to go"
    assert "王小姐補診斷證明書" in clock.detail[1] and "16:20" in clock.detail[1]
    assert (clock.segments, clock.segments_used, clock.is_ticking) == (10, 1, False)
    assert clock_of(promise, at("12-15")).share_used == clock.share_used


def test_a_kept_clock_says_when_by_whom_and_how_early(cast):
    promise = promised(replace(SERVICING, limit=1), start_at=at("11-22", "20:41"))
    keep(promise, at=at("11-23", "10:05"), by=cast.lin.ref)
    clock = clock_of(promise, NOW)
    assert _said(clock) == ("kept", "Kept", "") and clock.percent == 100
    assert "10:05 林佳穎" in clock.detail[0] and clock.detail[1] == "13 hours 55 minutes before it was due"


def test_a_broken_clock_counts_days_and_interest():
    claim = pack("TW").rule("TW-01")
    promise = promised(claim, start_at=at("10-30", "15:12"), amount=Decimal(186000), currency="USD")
    break_due(NOW)
    promise.refresh_from_db()
    clock = clock_of(promise, NOW)
    assert (clock.state, clock.left_text, clock.percent) == ("broken", "8 days overdue", 100)
    assert "Mon 16 Nov" in clock.due_text
    assert clock.detail == ("interest so far 408 USD, 51 more each day",)
    assert clock.steps[-1].text == "186,000 × 10 % × 8 ÷ 365 = 408 USD"
    assert "10 %" in clock.effect
    keep(promise, at=at("11-26"))
    late = clock_of(promise, at("12-01"))
    assert late.left_text == "10 days late" and late.detail[1] == "interest 510 USD"


def test_the_page_does_not_wait_for_the_loop():
    promise = promised(CALLBACK, start_at=at("11-24"))
    assert promise.state == "running"
    assert _said(clock_of(promise, at("11-24", "12:20")))[:2] == ("broken", "20 minutes overdue")


@pytest.mark.parametrize(
    ("day", "hour", "left"),
    [
        ("11-23", "10:00", "3 working days to go"),
        ("11-25", "10:00", "1 working day to go"),
        ("11-26", "10:00", "14 hours left"),
        ("11-26", "23:20", "40 minutes left"),
        ("11-27", "09:00", "1 working day overdue"),
        ("11-28", "09:00", "1 working day overdue"),
        ("12-01", "09:00", "3 working days overdue"),
    ],
)
def test_working_days_are_told_as_working_days(day: str, hour: str, left: str):
    promise = promised(SERVICING, start_at=at("11-23", "09:00"))
    assert clock_of(promise, at(day, hour)).left_text == left


def test_a_withdrawn_promise_is_owed_no_longer():
    clock = clock_of(withdraw(promised(), at=at("11-23"), reason="customer_withdrew"), NOW)
    assert (clock.state, clock.left_text) == ("withdrawn", "No longer owed")


def test_it_speaks_chinese():
    with override("zh-hant"):
        running = clock_of(promised(), NOW)
        assert (running.left_text, running.title) == ("還有 28 日", "申訴處理並回覆")
        soon = clock_of(promised(Given("callback", at("11-24", "15:00")), start_at=at("11-24", "13:00")), NOW)
        assert (soon.left_text, soon.due_text, soon.title) == ("剩 20 分", "今天 15:00 前", "回電給您")


def test_many_clocks_cost_no_more_than_few(cast, django_assert_num_queries):
    for number in range(1, 5):
        promised(subject=Ref("case", number))
        pause(
            promised(SERVICING, start_at=at("11-23"), subject=Ref("case", number)), at=at("11-24"),
            reason="waiting_for_papers",
        )  # fmt: skip
        keep(promised(CALLBACK, start_at=at("11-24"), subject=Ref("case", number)), at=at("11-24"), by=cast.lin.ref)
    staff_names()
    for count in (1, 4):
        promises = list(Promise.objects.filter(subject__in=[f"case:{n}" for n in range(1, count + 1)]))
        with django_assert_num_queries(4):
            assert len(clocks_of(promises, NOW)) == 3 * count


def test_a_customer_sees_no_promise_that_is_not_his():
    promised(replace(COMPLAINT, audience=Audience.COMPLIANCE))
    seen = promised()
    assert [clock.promise for clock in clocks_about(CASE, at=NOW, audience=Audience.CUSTOMER)] == [seen.pk]
    assert len(clocks_about(CASE, at=NOW, audience=Audience.COMPLIANCE)) == 2
    assert nearest_clocks([CASE], at=NOW, audience=Audience.STAFF)["case:4517"].promise == seen.pk


def test_a_list_shows_the_clock_that_presses_most(django_assert_num_queries):
    keep(promised(CALLBACK, start_at=at("11-24", "09:30")), at=at("11-24"))
    promised()
    nearest = promised(SERVICING, start_at=at("11-24"))
    promised(subject=Ref("case", 2))
    with django_assert_num_queries(3):
        clocks = nearest_clocks([CASE, Ref("case", 2), Ref("case", 3)], at=NOW, audience=Audience.STAFF)
    assert clocks["case:4517"].promise == nearest.pk and set(clocks) == {"case:4517", "case:2"}
