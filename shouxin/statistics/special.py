"""Distributions that intervals need, from two special functions. Accurate to 1e-10 and better, also for large samples:
the factors of the densities are computed as deviances, so that no large logarithms are subtracted from each other
(C. Loader, Fast and accurate computation of binomial probabilities, 2000)."""

from collections.abc import Callable
from functools import lru_cache
from math import exp, lgamma, log, pi, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY, _CLOSE, _STEPS = 1e-300, 1e-14, 1_000_000
# From here on Student's quantile is a series in 1 / degrees of freedom, whose terms fall a thousandfold each.
_SERIES_FROM = 1000


def normal_quantile(share: float) -> float:
    """z such that a standard normal lies below it with this probability."""
    return _NORMAL.inv_cdf(share)


def _lentz(terms: Callable[[int], tuple[float, float]], first: float) -> float:
    """A continued fraction first + a1/(b1 + a2/(b2 + …)), by Lentz's method."""
    value = first or _TINY
    c, d = value, 0.0
    for step in range(1, _STEPS):
        a, b = terms(step)
        d = 1.0 / ((b + a * d) or _TINY)
        c = (b + a / c) or _TINY
        value *= c * d
        if abs(c * d - 1.0) < _CLOSE:
            return value
    raise ArithmeticError("the continued fraction does not settle")


def _stirling_error(z: float) -> float:
    """log Γ(z) minus Stirling's formula for it."""
    if z < 16.0:
        return lgamma(z) - (z - 0.5) * log(z) + z - 0.5 * log(2.0 * pi)
    w = 1.0 / (z * z)
    return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z


def _deviance(seen: float, expected: float) -> float:
    """seen · log(seen / expected) + expected − seen."""
    excess = (seen - expected) / expected
    if abs(excess) > 0.1:
        return seen * log(seen / expected) + expected - seen
    # (1 + e)·log(1 + e) − e as a series: for a small excess the difference of the two would lose its digits.
    total, power, k = 0.0, excess * excess, 2
    while abs(power) > 1e-18 * abs(total) and k < 60:
        total += power / (k * (k - 1)) if k % 2 == 0 else -power / (k * (k - 1))
        power, k = power * excess, k + 1
    return expected * total


def _beta_front(x: float, y: float, a: float, b: float) -> float:
    """x^a · y^b / B(a, b), for x + y = 1."""
    whole = a + b
    errors = _stirling_error(whole) - _stirling_error(a) - _stirling_error(b)
    distance = _deviance(a, whole * x) + _deviance(b, whole * y)
    return sqrt(a * b / (2.0 * pi * whole)) * exp(errors - distance)


def beta_share(x: float, a: float, b: float, rest: float | None = None) -> float:
    """The regularised incomplete beta function I_x(a, b); `rest` is 1 − x where it is known more exactly."""
    y = 1.0 - x if rest is None else rest
    if x <= 0.0 or y <= 0.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_share(y, b, a, x)

    def terms(step: int) -> tuple[float, float]:
        m, odd = divmod(step - 1, 2)
        if step == 1:
            return 1.0, 1.0
        if odd:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0

    return _beta_front(x, y, a, b) / a * _lentz(terms, 0.0)


def _gamma_front(a: float, x: float) -> float:
    """x^a · e^−x / Γ(a)."""
    return sqrt(a / (2.0 * pi)) * exp(-_deviance(a, x) - _stirling_error(a))


def gamma_share(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(a, x)."""
    if x <= 0.0:
        return 0.0
    front = _gamma_front(a, x)
    if x < a + 1.0:
        term = total = 1.0 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if term < total * _CLOSE:
                return front * total
        raise ArithmeticError("the series does not settle")

    def terms(step: int) -> tuple[float, float]:
        return (1.0 if step == 1 else -(step - 1) * (step - 1 - a)), x + 2 * step - 1 - a

    return 1.0 - front * _lentz(terms, 0.0)


def binomial_share(k: int, n: int, p: float) -> float:
    """P(X ≤ k) for X the successes among n trials of chance p."""
    if k < 0 or k >= n:
        return 0.0 if k < 0 else 1.0
    return beta_share(1.0 - p, n - k, k + 1, p)


@lru_cache(maxsize=4096)
def gamma_quantile(share: float, a: float) -> float:
    """x with P(a, x) = share; the start is Wilson and Hilferty's, then Newton's steps."""
    z = normal_quantile(share)
    x = max(a * (1.0 - 1.0 / (9.0 * a) + z / (3.0 * a**0.5)) ** 3, 1e-8)
    for _ in range(60):
        step = (gamma_share(a, x) - share) * x / _gamma_front(a, x)
        nearer = x - step
        x = nearer if nearer > 0 else x / 2.0
        if abs(step) < 1e-12 * x:
            break
    return x


@lru_cache(maxsize=4096)
def student_quantile(share: float, freedom: int) -> float:
    """t such that Student's t with this many degrees of freedom lies below it with this probability."""
    if share < 0.5:
        return -student_quantile(1.0 - share, freedom)
    if freedom >= _SERIES_FROM:
        return _student_series(normal_quantile(share), freedom)
    low, high = 0.0, 1.0

    def below(t: float) -> float:
        whole = freedom + t * t
        return 0.5 + 0.5 * beta_share(t * t / whole, 0.5, freedom / 2.0, freedom / whole)

    while below(high) < share:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return (low + high) / 2.0


def _student_series(z: float, freedom: int) -> float:
    """Abramowitz and Stegun 26.7.5; what is left out is below 1e-12 for a confidence of up to 99.99 %."""
    z2 = z * z
    terms = (
        z * (z2 + 1) / 4,
        z * ((5 * z2 + 16) * z2 + 3) / 96,
        z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
        z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
    )
    return z + sum(term / freedom ** (power + 1) for power, term in enumerate(terms))
