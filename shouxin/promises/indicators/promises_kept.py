"""The share of promises that were kept in time.

This counts the promises that came to their end in the period: kept, on the day they were kept; broken, on the day they
fell due. A promise is kept only by an act that its rule names, such as a reply, the final letter or a payment; closing
a case keeps none. A broken promise that is fulfilled later, or from which the customer released us later, stays broken.
Promises that still run, and those withdrawn before they fell due, are not counted. Pauses that the rule allows are not
time used. Until version 2 closing a case counted as keeping what was promised in it.

Each promise names its rule; by rule, statutory and company promises stand apart. By colleague, a promise is that of
the officer who answered for it when it was kept or fell due.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.record.indicator import UP, Indicator

SQL = """
SELECT f.*, coalesce(f.officer, f.actor) AS answering, CASE WHEN f.kind = 'PromiseKept' THEN 1 ELSE 0 END AS value
FROM facts AS f
WHERE f.kind IN ('PromiseKept', 'PromiseBroken') AND f.day >= $since AND f.day < $until
"""

INDICATOR = Indicator(
    code="promises-kept",
    version=2,
    name=_("Promises kept"),
    definition=__doc__,
    unit="share",
    direction=UP,
    sql=SQL,
    stats=("share",),
    above=_("of these, kept in time"),
    below=_("promises kept or broken in the period"),
    beside=("first-reply", "backlog"),
    mainly="rule",
    instead=(("actor", "answering"),),
)
