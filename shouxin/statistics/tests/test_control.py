"""Control limits against worked examples of the textbooks."""

import pytest

from shouxin.statistics.control import p_chart, p_prime, u_chart, u_prime, xmr

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


# Shares of large months: 88, 90, 86 and 91 % of ten thousand each. By hand: p̄ = 0.8875, σᵢ = 0.0031598, moving ranges
# of z 6.3296, 12.6591 and 15.8239, their mean 11.6042, σz = 10.2874, and the reach 3 · 0.0031598 · 10.2874 = 0.097519.
BIG = ([8800, 9000, 8600, 9100], [10_000] * 4)


def test_large_months_that_differ_by_more_than_chance_have_laneys_wider_limits():
    assert all(not low <= share / 10_000 <= high for share, (low, _m, high) in zip(BIG[0], p_chart(*BIG), strict=True)
               if share != 8800)  # fmt: skip

    for limits in p_prime(*BIG):
        assert limits.middle == 0.8875
        assert limits.low == pytest.approx(0.789981, abs=1e-5)
        assert limits.high == pytest.approx(0.985019, abs=1e-5)


def test_a_month_far_off_is_outside_of_laneys_limits_too():
    kept = [8800, 8820, 8790, 8810, 8805, 8795, 8815, 8800, 8790, 8810, 7000]

    limits = p_prime(kept, [10_000] * 11, basis=10)

    assert [low <= share / 10_000 <= high for share, (low, _m, high) in zip(kept, limits, strict=True)] == [
        *[True] * 10, False]  # fmt: skip


def test_laneys_limits_are_those_of_the_p_chart_where_months_differ_by_less_than_chance():
    alike = ([50, 51, 100], [100, 100, 200])

    for found, wanted in zip(p_prime(*alike), p_chart(*alike), strict=True):
        assert found == pytest.approx(wanted)
    assert p_prime([0], [0]) is None
    assert p_prime([0, 5], [0, 10])[0] == (0.0, 0.5, 1.0)
    assert p_prime([5], [5])[0] == (1.0, 1.0, 1.0)


def test_laneys_u_limits_by_hand():
    # ū = 5, σᵢ = √0.05; z: −4.4721, 4.4721, −4.4721, 4.4721; σz = 8.9443 / 1.128 = 7.9293; reach 5.3191.
    low, middle, high = u_prime([400, 600, 400, 600], [100] * 4)[0]

    assert middle == 5.0
    assert (low, high) == (0.0, pytest.approx(10.3191, abs=1e-4))
