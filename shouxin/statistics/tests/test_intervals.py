"""Intervals against published tables and against slow, obvious oracles."""

from math import comb, exp, factorial, isclose

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


def test_large_counts_are_approximated_to_one_part_in_a_hundred_thousand():
    found = garwood(1001)

    assert isclose(found.low, gamma_quantile(0.025, 1001.0), rel_tol=1e-5)
    assert isclose(found.high, gamma_quantile(0.975, 1002.0), rel_tol=1e-5)


def test_a_rate_is_the_interval_of_its_count_shared_out():
    assert rate(10, 4.0) == (garwood(10).low / 4, garwood(10).high / 4)
    assert rate(3, 0) == (None, None)


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706), (2, 4.303), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_student_gives_the_printed_table(freedom, t):
    assert round(student_quantile(0.975, freedom), 3) == t


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


@given(st.integers(1, 400), st.sampled_from([0.5, 0.9]))
def test_ranks_are_the_closest_that_still_hold_ninety_five_percent(n, share):
    low, high = ranks(n, share)
    cumulated = [0.0]
    for i in range(n + 1):
        cumulated.append(cumulated[-1] + comb(n, i) * share**i * (1 - share) ** (n - i))
    lows = [r for r in range(1, n + 1) if cumulated[r] <= 0.025]
    highs = [r for r in range(1, n + 1) if cumulated[r] >= 0.975]

    assert low == (max(lows) if lows else None)
    assert high == (min(highs) if highs else None)


def test_beyond_a_thousand_the_ranks_differ_by_at_most_one():
    exact_low = max(r for r in range(440, 520) if binomial_share(r - 1, 1001, 0.5) <= 0.025)

    assert abs(ranks(1001, 0.5)[0] - exact_low) <= 1


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_the_exact_ranks_lie_within_two_of_the_near_ones(share):
    for n in range(1, 1200):
        for exact, near in zip(ranks(n, share), near_ranks(n, share), strict=True):
            assert exact is None or abs(exact - near) < 2
