"""Control limits against worked examples of the textbooks."""

import pytest

from shouxin.statistics.control import p_chart, u_chart, xmr

# Viscosity of fifteen batches of paint primer (Montgomery, Introduction to Statistical Quality Control).
VISCOSITY = [33.75, 33.05, 34.00, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.20, 33.62, 33.00, 33.54, 33.12, 33.84]


def test_xmr_gives_the_limits_of_the_paint_primer():
    limits = xmr(VISCOSITY)

    assert limits.middle == pytest.approx(33.52, abs=0.005)
    assert (limits.low, limits.high) == (pytest.approx(32.24, abs=0.01), pytest.approx(34.80, abs=0.01))


def test_one_value_has_no_limits():
    assert xmr([3.0]) is None


def test_a_p_chart_gives_the_limits_of_the_orange_juice_cans():
    # 347 nonconforming cans in 30 samples of 50 (Montgomery).
    limits = p_chart([347] + [0] * 29, [50] * 30)[0]

    assert [round(value, 4) for value in limits] == [0.0524, 0.2313, 0.4102]


def test_smaller_months_have_wider_limits():
    small, large = p_chart([1, 50], [10, 500])

    assert small.high - small.low > large.high - large.low


def test_a_month_without_anything_excludes_nothing():
    assert p_chart([0, 5], [0, 10])[0] == (0.0, 0.5, 1.0)
    assert p_chart([0], [0]) is None


def test_a_u_chart_spreads_with_the_root_of_the_exposure():
    low, middle, high = u_chart([4, 4], [1, 1])[0]

    assert (low, middle, high) == (0.0, 4.0, 10.0)
    assert u_chart([0], [0]) is None
