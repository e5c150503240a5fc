"""A fact may carry money; what the record cannot spell is refused when the fact is declared."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from shouxin.core.money import Money
from shouxin.core.refs import Ref
from shouxin.record.facts import KINDS, Fact
from shouxin.record.spelling import spelled


def test_money_in_a_fact_is_spelled_exactly():
    @dataclass(frozen=True, kw_only=True)
    class PaidForTest(Fact):
        paid: Money

    try:
        told = PaidForTest(subject=Ref("case", 1), paid=Money(Decimal("12.50"), "TWD")).data()
    finally:
        KINDS.pop("PaidForTest")

    assert spelled(told) == '{"paid": {"amount": "12.50", "currency": "TWD"}}'


@pytest.mark.parametrize("kind", [Decimal, float, Decimal | None])
def test_a_fact_that_could_not_be_spelled_cannot_be_declared(kind):
    with pytest.raises(TypeError, match="Money"):
        type("PaidInDecimals", (Fact,), {"__annotations__": {"amount": kind}, "__module__": __name__})

    assert "PaidInDecimals" not in KINDS
