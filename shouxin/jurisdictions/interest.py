"""Interest on what is paid late: simple, actual days over 365, the due day itself not counted."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

DAYS_OF_YEAR = 365


@dataclass(frozen=True)
class LateInterest:
    """The amount with everything it was computed from."""

    principal: Decimal
    rate: Decimal
    days: int
    amount: Decimal


def late_interest(
    principal: Decimal, rate: Decimal, due_on: date, paid_on: date, *, unit: Decimal = Decimal("0.01")
) -> LateInterest:
    """Interest for each day after `due_on` up to and with `paid_on`, rounded half up to `unit` (1 for NT dollars).

    Nothing when paid in time. Raises ValueError for a negative amount or rate.
    """
    if principal < 0 or rate < 0:
        raise ValueError("an amount and a rate are never negative")
    days = max(0, (paid_on - due_on).days)
    exact = principal * rate * days / DAYS_OF_YEAR
    return LateInterest(principal, rate, days, (exact / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit)
