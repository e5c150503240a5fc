"""How many complaints were closed.

A complaint counts on the day it was closed, by the company's calendar. It does not when it was reopened in that same
month: then it had not ended. What is reopened in a later month changes nothing in a month that is over; it counts again
on the day it closes again, and the reopening is in the figure of complaints reopened. So the months add up to the year.

What was lodged as a complaint and classified as an enquiry or a claim in the end is none, neither here nor among the
complaints opened.

A complaint with several reasons is one complaint. By reason, it counts once for each of its reasons.
"""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import NEITHER, Indicator
from shouxin.measures.indicators._closings import COMPLAINT_KEYS, in_period, only_complaints, standing_closings
from shouxin.measures.kinds import COMPLAINT_CLOSED


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    closed = in_period(only_complaints(standing_closings(facts, COMPLAINT_CLOSED), facts), asked)
    return closed.mutate(value=ibis.literal(1.0))


INDICATOR = Indicator(
    code="complaints-closed",
    version=2,
    name=_("Complaints closed"),
    unit="complaints",
    direction=NEITHER,
    formula=formula,
    stats=("count",),
    above=_("complaints closed in the period"),
    beside=("complaints-opened", "complaints-reopened", "complaint-days-to-close"),
    also=COMPLAINT_KEYS,
)
