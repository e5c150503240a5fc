"""Interest on late payment, against hand-counted amounts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.jurisdictions.interest import late_interest
from shouxin.jurisdictions.packs import pack

TEN = Decimal("0.10")


@pytest.mark.parametrize(
    ("principal", "rate", "days", "unit", "amount"),
    [
        ("1000000", "0.10", 30, "0.01", "8219.18"),  # 保險法 §34
        ("186000", "0.10", 8, "1", "408"),
        ("10000", "0.18", 365, "0.01", "1800.00"),  # Texas
        ("5000", "0.18", 10, "0.01", "24.66"),
        ("1000000", "0.10", 366, "0.01", "100273.97"),  # a leap year is counted over 365 as well
    ],
)
def test_interest_is_simple_and_by_actual_days(principal, rate, days, unit, amount):
    due = date(2024, 1, 31)
    found = late_interest(Decimal(principal), Decimal(rate), due, due + timedelta(days=days), unit=Decimal(unit))
    assert (found.days, found.amount) == (days, Decimal(amount))


def test_the_due_day_itself_bears_no_interest():
    due = date(2026, 11, 16)
    assert late_interest(Decimal(186000), TEN, due, due).amount == 0
    assert late_interest(Decimal(186000), TEN, due, due - timedelta(days=3)).amount == 0
    assert late_interest(Decimal(186000), TEN, due, date(2026, 11, 24)).days == 8


def test_the_rates_come_from_the_rules():
    assert pack("TW").rule("TW-01").interest.rate == TEN
    assert pack("US-TX").rule("US-08-TX").interest.rate == Decimal("0.18")


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="never negative"):
        late_interest(Decimal(-1), TEN, date(2026, 1, 1), date(2026, 2, 1))


@given(st.integers(0, 10**9), st.integers(0, 4000), st.integers(0, 4000))
def test_a_later_payment_never_bears_less(cents: int, first: int, more: int):
    due, principal = date(2020, 2, 29), Decimal(cents) / 100
    earlier = late_interest(principal, TEN, due, due + timedelta(days=first))
    later = late_interest(principal, TEN, due, due + timedelta(days=first + more))
    assert later.amount >= earlier.amount
