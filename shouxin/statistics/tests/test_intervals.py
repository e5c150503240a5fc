"""Intervals against published tables and against slow, obvious oracles."""

from math import ceil, comb, exp, factorial, floor, fsum, isclose, log, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.statistics.intervals import garwood, near_ranks, ranks, rate, student, wilson
from shouxin.statistics.special import binomial_share, gamma_quantile, student_quantile


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_values_newcombe_published_in_1998(successes, n, low, high):
    found = wilson(successes, n)

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson_says_nothing_about_nothing():
    assert wilson(0, 0) == (None, None)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.39), (100, 81.364, 121.627)],
)
def test_garwood_gives_the_exact_limits_of_a_poisson_count(count, low, high):
    found = garwood(count)

    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


@given(st.integers(min_value=1, max_value=60))
def test_garwood_leaves_two_and_a_half_percent_on_either_side(count):
    def at_most(k, mean):
        return sum(exp(-mean) * mean**i / factorial(i) for i in range(k + 1))

    low, high = garwood(count)

    assert isclose(1 - at_most(count - 1, low), 0.025, abs_tol=1e-9)
    assert isclose(at_most(count, high), 0.025, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Quantiles of the gamma distribution by scipy 1.17.
    [
        (1000, 938.973018, 1063.952136),
        (1001, 939.942034, 1064.983105),
        (50_000, 49562.686650, 50440.212035),
        (281_000, 279961.981679, 282040.914475),
    ],
)
def test_garwood_is_as_exact_for_large_counts(count, low, high):
    found = garwood(count)

    assert (found.low, found.high) == (pytest.approx(low, rel=1e-9), pytest.approx(high, rel=1e-9))


def test_counts_too_large_for_the_exact_interval_are_approximated_to_nine_digits():
    found = garwood(100_001)

    assert isclose(found.low, gamma_quantile(0.025, 100_001.0), rel_tol=1e-9)
    assert isclose(found.high, gamma_quantile(0.975, 100_002.0), rel_tol=1e-9)


def test_a_rate_is_the_interval_of_its_count_shared_out():
    assert rate(10, 4.0) == (garwood(10).low / 4, garwood(10).high / 4)
    assert rate(3, 0) == (None, None)


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706), (2, 4.303), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_student_gives_the_printed_table(freedom, t):
    assert round(student_quantile(0.975, freedom), 3) == t


@pytest.mark.parametrize(
    ("freedom", "t"),
    # By scipy 1.17.
    [
        (1, 12.7062047362),
        (2, 4.3026527297),
        (7, 2.3646242516),
        (30, 2.0422724563),
        (99, 1.9842169516),
        (500, 1.9647198375),
        (999, 1.9623414611),
        (1000, 1.9623390808),
        (1001, 1.9623367053),
        (2000, 1.9611508261),
        (100000, 1.9599877075),
    ],
)
def test_students_quantile_is_exact_at_every_size(freedom, t):
    assert student_quantile(0.975, freedom) == pytest.approx(t, abs=1e-9)


def test_the_interval_of_a_mean_does_not_jump_where_samples_get_large():
    widths = [student(n, 0.0, sqrt(n)).high for n in (*range(2, 990, 19), *range(990, 1020))]

    assert widths == sorted(widths, reverse=True)
    assert student(1001, 0.0, sqrt(1001)).high == pytest.approx(1.9623390808, abs=1e-9)


def test_the_mean_of_one_value_has_no_interval():
    assert student(1, 5.0, None) == (None, None)


def test_the_mean_of_a_small_sample_has_students_interval():
    low, high = student(4, 10.0, 2.0)

    assert (round(low, 3), round(high, 3)) == (6.818, 13.182)


@given(st.integers(1, 40), st.integers(0, 40), st.floats(0.05, 0.95))
def test_the_binomial_agrees_with_adding_it_up(n, k, p):
    added = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(min(k, n) + 1))

    assert isclose(binomial_share(k, n, p), added, abs_tol=1e-9)


@pytest.mark.parametrize(("n", "bounds"), [(5, (None, None)), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (25, (8, 18))])
def test_the_median_lies_between_the_ranks_of_the_printed_tables(n, bounds):
    assert ranks(n, 0.5) == bounds


def ranks_by_adding_up(n: int, share: float) -> tuple[int | None, int | None]:
    """The closest ranks by the definition: probabilities added up one by one, outward from the likeliest count."""
    middle, reach = min(floor((n + 1) * share), n), ceil(14 * sqrt(n * share * (1 - share))) + 40
    first, last = max(middle - reach, 0), min(middle + reach, n)
    odds = share / (1 - share)
    weights = {middle: 1.0}
    for k in range(middle, last):
        weights[k + 1] = weights[k] * odds * (n - k) / (k + 1)
    for k in range(middle, first, -1):
        weights[k - 1] = weights[k] * k / (odds * (n - k + 1))
    whole, below = fsum(weights.values()), 0.0
    low = high = None
    for k in range(first, last + 1):
        below += weights[k] / whole
        if below <= 0.025:
            low = k + 1
        if below >= 0.975:
            high = k + 1
            break
    return (low if low and low <= n else None), (high if high and high <= n else None)


PERCENTILES = [percent / 100 for percent in range(1, 100)]


def test_ranks_are_the_closest_that_still_hold_ninety_five_percent_for_every_small_sample_and_percentile():
    found = {(n, share): ranks(n, share) for n in range(1, 61) for share in PERCENTILES}

    assert found == {(n, share): ranks_by_adding_up(n, share) for n, share in found}


def test_ranks_are_exact_for_ten_thousand_samples_of_any_size():
    random = Random(20261128)
    sizes = {(int(exp(random.uniform(0, log(20_000)))), random.choice(PERCENTILES)) for _ in range(10_000)}

    wrong = [(n, share) for n, share in sizes if ranks.__wrapped__(n, share) != ranks_by_adding_up(n, share)]

    assert wrong == []


@pytest.mark.parametrize("share", [0.01, 0.05, 0.5, 0.9, 0.95, 0.99])
def test_ranks_cover_at_least_what_they_state_at_any_size(share):
    for n in (1_001, 4_321, 50_000, 281_000, 5_000_000):
        low, high = ranks(n, share)

        assert binomial_share(high - 1, n, share) - binomial_share(low - 1, n, share) >= 0.95


@pytest.mark.parametrize("share", PERCENTILES)
def test_the_exact_ranks_lie_within_two_of_the_near_ones(share):
    for n in [*range(1, 120), *range(120, 20_000, 997)]:
        for exact, near in zip(ranks(n, share), near_ranks(n, share), strict=True):
            assert exact is None or abs(exact - near) < 2
