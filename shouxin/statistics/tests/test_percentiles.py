"""Linear percentiles against values that can be checked by hand."""

from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.statistics.percentiles import percentile


def test_the_median_of_an_even_number_lies_in_the_middle():
    assert percentile([1, 2, 3, 4], 0.5) == 2.5


def test_the_ninetieth_percentile_is_linear_between_neighbours():
    assert percentile([1, 2, 3, 4], 0.9) == pytest.approx(3.7)


def test_no_values_have_no_percentile():
    with pytest.raises(ValueError, match="needs values"):
        percentile([], 0.5)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60))
def test_deciles_agree_with_the_standard_library(values):
    ordered = sorted(values)

    assert [percentile(ordered, i / 10) for i in range(1, 10)] == pytest.approx(
        quantiles(ordered, n=10, method="inclusive")
    )
