"""95 % intervals, each by a method with a name. A side on which nothing can be said is None."""

from functools import lru_cache
from math import ceil, sqrt
from typing import NamedTuple

from shouxin.statistics.special import binomial_share, gamma_quantile, normal_quantile, student_quantile

CONFIDENCE = 0.95
# Counts up to here have Garwood's interval exactly. Beyond, Wilson and Hilferty's quantiles of the gamma distribution
# stand for the exact ones: at a hundred thousand they differ by less than one part in a thousand million.
EXACT_COUNT = 100_000


class Interval(NamedTuple):
    low: float | None
    high: float | None


NOTHING = Interval(None, None)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """The share behind `successes` among n, by Wilson's score interval."""
    if n <= 0:
        return NOTHING
    z = normal_quantile((1 + confidence) / 2)
    share, z2 = successes / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(0.0 if successes <= 0 else middle - half, 1.0 if successes >= n else middle + half)


def garwood(count: int, confidence: float = CONFIDENCE) -> Interval:
    """The mean of the Poisson distribution behind a count, by Garwood's exact interval."""
    tail = (1 - confidence) / 2
    if count > EXACT_COUNT:
        return Interval(_wilson_hilferty(count, tail), _wilson_hilferty(count + 1, 1 - tail))
    low = gamma_quantile(tail, float(count)) if count else 0.0
    return Interval(low, gamma_quantile(1 - tail, count + 1.0))


def _wilson_hilferty(shape: float, share: float) -> float:
    return shape * (1 - 1 / (9 * shape) + normal_quantile(share) / (3 * sqrt(shape))) ** 3


def rate(count: int, exposure: float, confidence: float = CONFIDENCE) -> Interval:
    """Garwood's interval of a count, for one unit of exposure."""
    if exposure <= 0:
        return NOTHING
    low, high = garwood(count, confidence)
    return Interval(low / exposure, high / exposure)


def student(n: int, mean: float, deviation: float | None, confidence: float = CONFIDENCE) -> Interval:
    """The mean behind n values with this sample standard deviation, by Student's t."""
    if n < 2 or deviation is None:
        return NOTHING
    half = student_quantile((1 + confidence) / 2, n - 1) * deviation / sqrt(n)
    return Interval(mean - half, mean + half)


def near_ranks(n, share, confidence: float = CONFIDENCE) -> tuple:
    """The ranks of `ranks` by the normal approximation, not rounded: off by less than two. Also for expressions."""
    spread = normal_quantile((1 + confidence) / 2) * (n * share * (1 - share)) ** 0.5
    return n * share - spread, n * share + spread


@lru_cache(maxsize=4096)
def ranks(n: int, share: float, confidence: float = CONFIDENCE) -> tuple[int | None, int | None]:
    """Which of n ordered values (1…n) bound the percentile at `share`; free of any assumption on their distribution.

    Exact at every n: the closest ranks whose binomial tails hold no more than half of what may be missed on each side.
    None where even the smallest or the largest value is no bound at this confidence.
    """
    tail = (1 - confidence) / 2
    low, high = (max(min(ceil(rank), n), 1) for rank in near_ranks(n, share, confidence))
    while low <= n and binomial_share(low - 1, n, share) <= tail:
        low += 1
    while low >= 1 and binomial_share(low - 1, n, share) > tail:
        low -= 1
    while high >= 1 and binomial_share(high - 1, n, share) >= 1 - tail:
        high -= 1
    high += 1
    while high <= n and binomial_share(high - 1, n, share) < 1 - tail:
        high += 1
    return (low if low >= 1 else None), (high if high <= n else None)
