"""How many complaints were closed.

A complaint counts on the day it was closed, by the company's calendar. A closing that was followed by a reopening does
not count: the complaint had not really ended. When it closes again, it counts on that day. So every complaint counts
at most once, the months add up to the year, and the figure of a past month falls when a complaint of that month is
reopened. Asked as known at an earlier time, the figure is what it was then.

A complaint with several reasons is one complaint. By reason, it counts once for each of its reasons.
"""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import NEITHER, Indicator
from shouxin.measures.indicators._closings import COMPLAINT_KEYS, in_period, standing_closings
from shouxin.measures.kinds import COMPLAINT_CLOSED


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    closed = in_period(standing_closings(facts, COMPLAINT_CLOSED), asked)
    return closed.mutate(value=ibis.literal(1.0))


INDICATOR = Indicator(
    code="complaints-closed",
    version=1,
    name=_("Complaints closed"),
    unit="complaints",
    direction=NEITHER,
    formula=formula,
    stats=("count",),
    above=_("complaints closed in the period"),
    beside=("complaints-opened", "complaint-days-to-close"),
    also=COMPLAINT_KEYS,
)
