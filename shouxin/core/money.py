"""A sum of money: an amount and its currency, never a float, and two currencies are never added."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=False)
class Money:
    """TypeError for an amount that is no Decimal, ValueError for one that is no number or a code that is none."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"money is counted in Decimal, not in {type(self.amount).__name__}")
        if not self.amount.is_finite() or len(self.currency) != 3 or not self.currency.isascii():
            raise ValueError(f"this is no sum of money: {self.amount} {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are not added")
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return self + Money(-other.amount, other.currency)

    def rounded(self, unit: Decimal) -> "Money":
        """To whole units of a currency (`Pack.unit`: 1 in Taiwan, 0.01 elsewhere), half of one upward."""
        units = (self.amount / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Money(units * unit, self.currency)

    def as_json(self) -> dict[str, str]:
        """As a fact spells it: text, so that nothing is lost on the way."""
        return {"amount": str(self.amount), "currency": self.currency}

    @classmethod
    def of(cls, plain: dict[str, str]) -> "Money":
        return cls(Decimal(plain["amount"]), plain["currency"])


def currency_name(code: str) -> str:
    """What people call it; others are known by their three letters."""
    return {"TWD": _("TWD"), "CNY": _("CNY")}.get(code, code)


def amount_text(amount: Decimal) -> str:
    """12,500, or 12,500.50 where there are cents."""
    whole = amount.to_integral_value()
    return f"{whole:,.0f}" if amount == whole else f"{amount:,.2f}"
