"""Distributions that intervals need, from two special functions. Accurate to about 1e-10."""

from collections.abc import Callable
from functools import lru_cache
from math import exp, lgamma, log, log1p
from statistics import NormalDist

_NORMAL = NormalDist()
_TINY, _CLOSE, _STEPS = 1e-300, 1e-13, 100_000


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


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_share(1.0 - x, b, a)

    def terms(step: int) -> tuple[float, float]:
        m, odd = divmod(step - 1, 2)
        if step == 1:
            return 1.0, 1.0
        if odd:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0

    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _lentz(terms, 0.0)


def gamma_share(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(a, x)."""
    if x <= 0.0:
        return 0.0
    front = exp(a * log(x) - x - lgamma(a))
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
    return beta_share(1.0 - p, n - k, k + 1)


@lru_cache(maxsize=4096)
def gamma_quantile(share: float, a: float) -> float:
    """x with P(a, x) = share; the start is Wilson and Hilferty's, then Newton's steps."""
    z = normal_quantile(share)
    x = max(a * (1.0 - 1.0 / (9.0 * a) + z / (3.0 * a**0.5)) ** 3, 1e-8)
    for _ in range(60):
        density = exp((a - 1.0) * log(x) - x - lgamma(a))
        step = (gamma_share(a, x) - share) / density
        nearer = x - step
        x = nearer if nearer > 0 else x / 2.0
        if abs(step) < 1e-11 * x:
            break
    return x


@lru_cache(maxsize=4096)
def student_quantile(share: float, freedom: int) -> float:
    """t such that Student's t with this many degrees of freedom lies below it with this probability."""
    if share < 0.5:
        return -student_quantile(1.0 - share, freedom)
    low, high = 0.0, 1.0

    def below(t: float) -> float:
        return 1.0 - 0.5 * beta_share(freedom / (freedom + t * t), freedom / 2.0, 0.5)

    while below(high) < share:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return (low + high) / 2.0
