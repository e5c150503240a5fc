"""Linear percentiles: between two neighbours in order, the point at the same share of the way."""

from collections.abc import Sequence
from math import floor


def percentile(ordered: Sequence[float], share: float) -> float:
    """The linear percentile of values that are already in order (Hyndman and Fan's type 7).

    Raises ValueError for no values or a share outside 0…1.
    """
    if not ordered or not 0.0 <= share <= 1.0:
        raise ValueError("a percentile needs values, and a share from 0 to 1")
    place = (len(ordered) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
