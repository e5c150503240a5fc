"""How many complaints were reopened.

A complaint counts on each day on which an officer reopened it after it had been closed. What a customer writes after
the closing does not reopen it by itself: thanks are no complaint.
"""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import DOWN, Indicator
from shouxin.measures.indicators._closings import in_period, only_complaints
from shouxin.measures.kinds import CASE_REOPENED, COMPLAINT_CLOSED


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    closed = facts.filter(facts.kind == COMPLAINT_CLOSED).select(closed_id="subject_id").distinct()
    again = only_complaints(facts.filter(facts.kind == CASE_REOPENED), facts)
    reopened = in_period(again.semi_join(closed, again.subject_id == closed.closed_id), asked)
    return reopened.mutate(value=ibis.literal(1.0))


INDICATOR = Indicator(
    code="complaints-reopened",
    version=1,
    name=_("Complaints reopened"),
    unit="complaints",
    direction=DOWN,
    formula=formula,
    stats=("count",),
    above=_("complaints reopened in the period"),
    beside=("complaints-closed", "complaint-days-to-close"),
)
