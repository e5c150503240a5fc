"""What an indicator is: one published formula over the valid facts, and how its values are summed up."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext

from shouxin.measures.asking import WORKING, Question

UP, DOWN, NEITHER = "up", "down", ""
COUNT, POSITION, SHARE, RATE, MEAN, PERCENTILE = "count", "position", "share", "rate", "mean", "percentile"
# A count tells of events, which chance brings in clusters; a position tells what is there, all of it: no interval.
COUNTS = (COUNT, POSITION)
# How a statistic sums up the values of what is counted, and for percentiles which one.
STATISTICS: dict[str, tuple[str, float]] = {
    "count": (COUNT, 0),
    "open": (POSITION, 0),
    "share": (SHARE, 0),
    "overdue": (SHARE, 0),
    "rate": (RATE, 0),
    "mean": (MEAN, 0),
    "median": (PERCENTILE, 0.5),
    "p90": (PERCENTILE, 0.9),
}
TIMES_MEASURED = ("median", "mean", "p90")


@dataclass(frozen=True)
class Indicator:
    """`formula(facts, asked)` gives what is counted: one row each, with the columns of its fact and a `value`.

    Every figure of it, and the list of facts a figure opens to, is made of these rows and nothing else.
    """

    code: str
    version: int
    name: str | LazyText
    unit: str
    direction: str
    formula: Callable[[ir.Table, Question], ir.Table]
    stats: tuple[str, ...]
    above: str | LazyText  # the numerator in words
    below: str | LazyText = ""  # the denominator in words
    days: int | None = None  # the number of days when none is asked
    beside: tuple[str, ...] = ()  # looked at together: what gets worse when this one is made to look good
    mainly: str = "team"  # by what its page shows it first
    also: tuple[str, ...] = ()  # keys of its own facts by which it can be asked
    own: str | LazyText = ""  # what of it is one's own work, where that needs saying

    @property
    def takes_time(self) -> bool:
        """Whether calendar and working time can be told apart."""
        return self.unit in {"days", "hours"} or self.days is not None

    @property
    def page(self) -> list[str]:
        """The docstring of its file, paragraph by paragraph, in the reader's language."""
        text = inspect.cleandoc(sys.modules[self.formula.__module__].__doc__ or "")
        return [gettext(" ".join(paragraph.split())) for paragraph in text.split("\n\n")]

    def unit_of(self, asked: Question) -> str:
        """The unit of the value: of a share "share", of durations the unit asked for."""
        shape = STATISTICS[asked.stat or self.stats[0]][0]
        if shape == SHARE:
            return "share"
        if shape in {MEAN, PERCENTILE}:
            unit = "hours" if self.unit == "hours" else "days"
            return f"working {unit}" if asked.unit == WORKING else unit
        return self.unit
