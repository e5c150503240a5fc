"""Linear percentiles: between two neighbours in order, the point at the same share of the way."""

from collections.abc import Sequence
from math import floor


def place(n: int, share: float) -> tuple[int, float]:
    """Where the linear percentile of n ordered values lies (Hyndman and Fan's type 7): (index below, part of the way).

    Raises ValueError for no values or a share outside 0…1.
    """
    if n < 1 or not 0.0 <= share <= 1.0:
        raise ValueError("a percentile needs values, and a share from 0 to 1")
    exact = (n - 1) * share
    return floor(exact), exact - floor(exact)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The linear percentile of values that are already in order."""
    below, part = place(len(ordered), share)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * part
