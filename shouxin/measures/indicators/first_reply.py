"""How long customers waited for our first reply.

This counts the cases that closed in the period and were not reopened in the same month. The time runs from the
opening of the case to the first reply that was sent, or the first call that reached the customer; an attempt is none.
A case that was closed without any reply counts with the time until it was closed: until then the customer had not
heard from us.

Hours are those of the calendar; in working time, those of the office's working calendar. The value is the median, the
mean or the ninetieth percentile (linear between neighbours).
"""

import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import WORKING, Question
from shouxin.measures.indicator import DOWN, TIMES_MEASURED, Indicator
from shouxin.measures.indicators._closings import in_period, standing_closings
from shouxin.measures.kinds import CASE_CLOSED, REPLY_SENT


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    waited = "working_seconds" if asked.unit == WORKING else "seconds"
    closed = in_period(standing_closings(facts, CASE_CLOSED), asked)
    replies = facts.filter(facts.kind == REPLY_SENT, facts.is_first)
    first = replies.select(answered_id="subject_id", until_reply=waited)
    both = closed.left_join(first, closed.subject_id == first.answered_id)
    waiting = both.mutate(value=both.until_reply.coalesce(both[waited]) / 3600)
    return waiting.filter(waiting.value.notnull()).drop("answered_id", "until_reply")


INDICATOR = Indicator(
    code="first-reply",
    version=2,
    name=_("Time to the first reply"),
    unit="hours",
    direction=DOWN,
    formula=formula,
    stats=TIMES_MEASURED,
    above=_("hours that customers waited in these cases"),
    below=_("cases closed in the period"),
    beside=("promises-kept", "hand-overs"),
)
