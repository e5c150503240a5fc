"""Percentiles read off the engine: the values at exactly the ranks that bound them, at every number of values."""

import random
from functools import cache

import duckdb
import pyarrow as pa
import pytest

from shouxin.measures.engine import gathered, interval, percentile
from shouxin.measures.statements import _places
from shouxin.record.indicator import PERCENTILE
from shouxin.statistics.intervals import ranks


def read(samples: list[list[float]], share: float) -> list[tuple]:
    """(value, low, high) of each sample, as a page of figures reads them."""
    grouped = pa.table(
        {
            "by_sample": [number for number, sample in enumerate(samples) for _value in sample],
            "value": pa.array([value for sample in samples for value in sample], pa.float64()),
        }
    )
    with duckdb.connect() as engine:
        engine.register("grouped", grouped)
        result = engine.execute(_places("by_sample", share))
        names = [column[0] for column in result.description]
        found = gathered((dict(zip(names, row, strict=True)) for row in result.fetchall()), ["by_sample"])
    found.sort(key=lambda each: each["by_sample"])
    return [(percentile(each, share), *interval(PERCENTILE, share, each, 0.0)) for each in found]


@cache
def shuffled(n: int) -> list[float]:
    """1 … n out of order: a value is its own rank."""
    values = [float(value) for value in range(1, n + 1)]
    random.Random(n).shuffle(values)
    return values


@pytest.mark.parametrize("percent", range(1, 100))
def test_every_small_sample_has_its_percentile_and_the_bounds_of_its_ranks(percent):
    share = percent / 100

    found = read([shuffled(n) for n in range(1, 61)], share)

    for n, (value, low, high) in enumerate(found, 1):
        assert value == pytest.approx(1 + (n - 1) * share)
        assert (low, high) == ranks(n, share)


def test_samples_of_any_size_are_read_at_their_ranks():
    sizes = random.Random(20261128)
    for percent in range(1, 100, 3):
        share = percent / 100
        counts = [sizes.randint(1, 300) for _ in range(100)] + [sizes.choice((1_000, 1_001, 4_321))]

        found = read([shuffled(n) for n in counts], share)

        assert [(low, high) for _value, low, high in found] == [ranks(n, share) for n in counts]
