"""What an indicator is: a published figure over the facts, declared by the room that records them.

Each is one file in `indicators/` of its room. Its docstring is its definition, as readers of the figure see it.
"""

import inspect
import re
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext

UP, DOWN, NEITHER = "up", "down", ""
CALENDAR, WORKING = "calendar", "working"
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
# A key by which figures can be asked: a dimension, or a field of the facts themselves.
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


@dataclass(frozen=True)
class Indicator:
    """`sql` selects what is counted: one row each, with all columns of its fact (`f.*`) and a `value`.

    Every figure, and the list of facts a figure opens to, is made of these rows and nothing else. A row whose value
    is null is not counted. The statement is standard SQL over the relations `facts` (the columns of a fact, and the
    fields that facts declare as `measured`) and `stretches` (first_on, last_on: the years, months … of the period).
    It may use these values of the question: `$since`, `$until` (exclusive), `$today`, `$days`, `$unit` ('calendar' or
    'working'), `$stat`, `$span` (the unit of `stretches`: 'year', 'quarter', 'month', 'week', 'day').
    """

    code: str
    version: int
    name: str | LazyText
    definition: str | None  # the docstring of its file
    unit: str
    direction: str
    sql: str
    stats: tuple[str, ...]
    above: str | LazyText  # the numerator in words
    below: str | LazyText = ""  # the denominator in words
    days: int | None = None  # the number of days when none is asked
    # What it is made of in a statistic where `above` and `below` do not say it: (statistic, above, below).
    formulas: tuple[tuple[str, str | LazyText, str | LazyText], ...] = ()
    beside: tuple[str, ...] = ()  # looked at together: what gets worse when this one is made to look good
    mainly: str = "team"  # by what its page shows it first
    also: tuple[str, ...] = ()  # keys of its own facts by which it can be asked
    # Whether it tells of all that is there at an instant: then chance has no part in it and there is no interval.
    is_census: bool = False
    own: str | LazyText = ""  # what of it is one's own work, where that needs saying
    instead: tuple[tuple[str, str], ...] = ()  # (column of the fact, column of `sql` that stands for it in groups)

    @property
    def page(self) -> list[str]:
        """The definition, paragraph by paragraph, in the reader's language."""
        text = inspect.cleandoc(self.definition or "")
        return [gettext(" ".join(paragraph.split())) for paragraph in text.split("\n\n")]

    def formula(self, stat: str) -> tuple[str | LazyText, str | LazyText]:
        """(numerator, denominator) in words, as this statistic is made; what is no fraction has no denominator."""
        return {name: (above, below) for name, above, below in self.formulas}.get(stat, (self.above, self.below))

    def named(self, days: int | None = None, unit: str = CALENDAR) -> str:
        """Its name; where a number of days is part of it, with that number."""
        days = self.days if days is None else days
        if days is None:
            return str(self.name)
        counted = gettext("%(days)s working days") if unit == WORKING else gettext("%(days)s days")
        return str(self.name) % {"days": counted % {"days": days}}

    @property
    def takes_time(self) -> bool:
        """Whether calendar and working time can be told apart."""
        return self.unit in {"days", "hours"} or self.days is not None
