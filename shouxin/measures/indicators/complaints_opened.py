"""How many complaints came in.

A complaint counts on the day it was opened, by the company's calendar. A complaint that is reopened is not a new one
and does not count again. What was classified as an enquiry or a claim in the end was none and does not count, neither
here nor among the complaints closed: both count the same things.

A complaint with several reasons, or against several companies, is one complaint. By reason, it counts once for each of
its reasons, so that the rows can add up to more than the whole.
"""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import DOWN, Indicator
from shouxin.measures.indicators._closings import COMPLAINT_KEYS, in_period, only_complaints
from shouxin.measures.kinds import COMPLAINT_OPENED


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    opened = in_period(only_complaints(facts.filter(facts.kind == COMPLAINT_OPENED), facts), asked)
    return opened.mutate(value=ibis.literal(1.0))


INDICATOR = Indicator(
    code="complaints-opened",
    version=2,
    name=_("Complaints opened"),
    unit="complaints",
    direction=DOWN,
    formula=formula,
    stats=("count",),
    above=_("complaints opened in the period"),
    beside=("complaints-closed", "complaints-closed-within"),
    also=COMPLAINT_KEYS,
    own=_(
        "These are the complaints you registered yourself. One that a customer sends in has no officer yet when it is "
        "opened: it counts for the team, not for a person."
    ),
)
