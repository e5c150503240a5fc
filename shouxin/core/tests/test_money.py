"""Money is exact, of one currency, and rounded as its place counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.money import Money, amount_text, currency_name

AMOUNTS = st.decimals(-(10**12), 10**12, places=4, allow_nan=False)


def twd(amount: str) -> Money:
    return Money(Decimal(amount), "TWD")


@given(AMOUNTS, AMOUNTS)
def test_what_is_added_can_be_taken_away_again(one, other):
    assert Money(one, "TWD") + Money(other, "TWD") - Money(other, "TWD") == Money(one, "TWD")


@pytest.mark.parametrize(
    ("unit", "amount", "rounded"),
    [("1", "408.5", "409"), ("1", "408.49", "408"), ("1", "-0.5", "-1"), ("0.01", "0.005", "0.01"), ("0.01", "1", "1")],
)
def test_a_sum_is_rounded_to_the_unit_of_its_place(unit, amount, rounded):
    assert twd(amount).rounded(Decimal(unit)) == twd(rounded)


def test_two_currencies_and_floats_are_refused():
    with pytest.raises(ValueError, match="TWD and USD"):
        twd("1") + Money(Decimal(1), "USD")
    with pytest.raises(TypeError, match="float"):
        Money(1.5, "TWD")  # type: ignore[arg-type]
    for amount, currency in (("NaN", "TWD"), ("1", "NT$1"), ("1", "")):
        with pytest.raises(ValueError, match="no sum"):
            Money(Decimal(amount), currency)


def test_money_is_spelled_as_text_and_read_back():
    assert twd("12.50").as_json() == {"amount": "12.50", "currency": "TWD"}
    assert Money.of(twd("12.50").as_json()) == twd("12.50")


@pytest.mark.parametrize(
    ("amount", "told"), [("12500.00", "12,500"), ("12500.5", "12,500.50"), ("0", "0"), ("1234567.89", "1,234,567.89")]
)
def test_an_amount_is_grouped_and_has_cents_only_where_there_are_some(amount, told):
    assert amount_text(Decimal(amount)) == told


def test_a_currency_is_called_as_people_call_it():
    assert [currency_name(code) for code in ("TWD", "CNY", "USD")] == ["元", "人民幣", "USD"]
