"""Control limits: how far a figure moves by itself. What lies outside deserves a look; what lies inside, a rest."""

from collections.abc import Callable, Sequence
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


def p_prime(numerators: Sequence[int], denominators: Sequence[int], *, basis: int | None = None) -> list[Limits] | None:
    """Limits for shares that move by more than chance alone, as large numbers do (p′ chart).

    Laney, "Improved control charts for attributes", Quality Engineering 14(4), 2002: with σᵢ = √(p̄(1 − p̄)/nᵢ) and
    zᵢ = (pᵢ − p̄)/σᵢ, the limits are p̄ ± 3·σᵢ·σz, where σz is the mean moving range of the zᵢ divided by 1.128. They
    are never drawn narrower than those of the p chart (σz ≥ 1): a few months may look alike by chance.
    What is estimated is estimated from the first `basis` points, by default from all.
    """
    return _prime(numerators, denominators, basis, lambda middle: middle * (1 - middle), 1.0)


def u_prime(counts: Sequence[int], exposures: Sequence[float], *, basis: int | None = None) -> list[Limits] | None:
    """As `p_prime`, for counts for one unit of exposure (Laney's u′ chart): σᵢ = √(ū/nᵢ)."""
    return _prime(counts, exposures, basis, lambda middle: middle, None)


def _prime(
    counts: Sequence[int], sizes: Sequence[float], basis: int | None, variance: Callable[[float], float],
    most: float | None,
) -> list[Limits] | None:  # fmt: skip
    known = slice(None, basis)
    if not (total := sum(sizes[known])):
        return None
    middle = sum(counts[known]) / total
    spread = sqrt(max(variance(middle), 0.0))
    scale = _spread_of_z(counts[known], sizes[known], middle, spread)
    limits = []
    for size in sizes:
        reach = 3 * scale * spread / sqrt(size) if size else (1.0 if most else middle)
        high = middle + reach
        limits.append(Limits(max(middle - reach, 0.0), middle, high if most is None else min(high, most)))
    return limits


def _spread_of_z(counts: Sequence[int], sizes: Sequence[float], middle: float, spread: float) -> float:
    """σz: how many times more the points move than chance alone would have it; at least once."""
    if not spread:
        return 1.0
    z = [(count / size - middle) / (spread / sqrt(size)) for count, size in zip(counts, sizes, strict=True) if size]
    ranges = [abs(after - before) for before, after in zip(z, z[1:], strict=False)]
    return max(sum(ranges) / len(ranges) / _D2, 1.0) if ranges else 1.0
