"""Control limits: how far a figure moves by itself. What lies outside deserves a look; what lies inside, a rest."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

# Expected range of two values of a normal distribution, in standard deviations.
_D2 = 1.128


class Limits(NamedTuple):
    low: float
    middle: float
    high: float


def xmr(values: Sequence[float]) -> Limits | None:
    """Limits for single values in order of time (XmR chart): three sigma, from the mean moving range.

    None for fewer than two values.
    """
    if len(values) < 2:
        return None
    middle = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in zip(values, values[1:], strict=False)]
    reach = 3 * (sum(ranges) / len(ranges)) / _D2
    return Limits(middle - reach, middle, middle + reach)


def p_chart(numerators: Sequence[int], denominators: Sequence[int]) -> list[Limits] | None:
    """Limits for shares (p chart): each point has its own, by how much it counts. None where nothing was counted."""
    if not (total := sum(denominators)):
        return None
    middle = sum(numerators) / total
    limits = []
    for n in denominators:
        reach = 3 * sqrt(middle * (1 - middle) / n) if n else 1.0
        limits.append(Limits(max(middle - reach, 0.0), middle, min(middle + reach, 1.0)))
    return limits


def u_chart(counts: Sequence[int], exposures: Sequence[float]) -> list[Limits] | None:
    """Limits for counts for one unit of exposure (u chart). None where there was no exposure."""
    if not (total := sum(exposures)):
        return None
    middle = sum(counts) / total
    limits = []
    for exposure in exposures:
        reach = 3 * sqrt(middle / exposure) if exposure else middle
        limits.append(Limits(max(middle - reach, 0.0), middle, middle + reach))
    return limits
