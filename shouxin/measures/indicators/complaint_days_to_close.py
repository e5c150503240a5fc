"""How long a complaint took, from its opening to its end.

This counts the complaints that closed in the period, whenever they were opened. Days are those of the calendar; the
day of opening is not counted, so that what was opened and closed on one day took 0 days. Working days are those of the
office's own calendar, counted as its deadlines are: the day of opening is not counted, the day of closing is. Both are
whole days, recorded when the complaint closed. Imported complaints, and those closed before version 2, have no working
days and are left out where these are asked for.

A closing does not count when the complaint was reopened in the same month. What is reopened in a later month changes
nothing in a month that is over; when it closes again it counts there, with all days since it was first opened. Nothing
is gained by closing early.

The value is the median, the mean or the ninetieth percentile (linear between neighbours). The interval of a percentile
is bounded by order statistics, that of the mean by Student's t.
"""

import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import DOWN, TIMES_MEASURED, Indicator
from shouxin.measures.indicators._closings import (
    COMPLAINT_KEYS,
    days_taken,
    in_period,
    only_complaints,
    standing_closings,
)
from shouxin.measures.kinds import COMPLAINT_CLOSED


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    closed = in_period(only_complaints(standing_closings(facts, COMPLAINT_CLOSED), facts), asked)
    taken = closed.mutate(value=days_taken(closed, asked))
    return taken.filter(taken.value.notnull())


INDICATOR = Indicator(
    code="complaint-days-to-close",
    version=3,
    name=_("Days until a complaint is closed"),
    unit="days",
    direction=DOWN,
    formula=formula,
    stats=TIMES_MEASURED,
    above=_("days taken by the complaints closed in the period"),
    below=_("complaints closed in the period"),
    beside=("complaints-closed-within", "hand-overs"),
    also=COMPLAINT_KEYS,
)
