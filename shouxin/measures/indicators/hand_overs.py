"""How often a case changed hands.

This counts the cases that closed in the period and were not reopened in the same month, each with all its hand-overs
from one officer to another, whenever they happened. Taking a case from the queue, and putting it back, is not a
hand-over.

The value is hand-overs per case. Its interval is Garwood's for the count. Some hand-overs serve the customer, as those
to a specialist do; many for one case seldom do.
"""

import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import DOWN, Indicator
from shouxin.measures.indicators._closings import in_period, standing_closings
from shouxin.measures.kinds import CASE_CLOSED, CASE_HANDED_OVER


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    closed = in_period(standing_closings(facts, CASE_CLOSED), asked)
    handed = facts.filter(facts.kind == CASE_HANDED_OVER)
    count = handed.group_by(handed_id=handed.subject_id).agg(times=handed.count())
    both = closed.left_join(count, closed.subject_id == count.handed_id)
    return both.mutate(value=both.times.fill_null(0).cast("float64")).drop("handed_id", "times")


INDICATOR = Indicator(
    code="hand-overs",
    version=2,
    name=_("Hand-overs per case"),
    unit="hand-overs per case",
    direction=DOWN,
    formula=formula,
    stats=("rate",),
    above=_("hand-overs of these cases"),
    below=_("cases closed in the period"),
    beside=("first-reply", "complaint-days-to-close"),
)
