"""The share of promises that were kept in time.

This counts the promises that came to their end in the period: kept, on the day they were kept; broken, on the day they
fell due. A promise is kept only by an act that its rule names, such as a reply, the final letter or a payment; closing
a case keeps none. A broken promise that is fulfilled later, or from which the customer released us later, stays broken.
Promises that still run, and those withdrawn before they fell due, are not counted. Pauses that the rule allows are not
time used. Until version 2 closing a case counted as keeping what was promised in it.

Each promise names its rule; by rule, statutory and company promises stand apart. By colleague, a promise is that of
the officer who answered for it when it was kept or fell due.
"""

import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import UP, Indicator
from shouxin.measures.indicators._closings import in_period
from shouxin.measures.kinds import PROMISE_BROKEN, PROMISE_KEPT


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    ended = in_period(facts.filter(facts.kind.isin([PROMISE_KEPT, PROMISE_BROKEN])), asked)
    answering = ended.officer.coalesce(ended.actor)
    return ended.mutate(actor=answering, value=(ended.kind == PROMISE_KEPT).cast("float64"))


INDICATOR = Indicator(
    code="promises-kept",
    version=2,
    name=_("Promises kept"),
    unit="share",
    direction=UP,
    formula=formula,
    stats=("share",),
    above=_("of these, kept in time"),
    below=_("promises kept or broken in the period"),
    beside=("first-reply", "backlog"),
    mainly="rule",
)
