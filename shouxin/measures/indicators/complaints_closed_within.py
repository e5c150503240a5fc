"""The share of complaints that were closed within a number of days; 30 when none is given.

This counts the complaints that closed in the period. Days are those of the calendar, the day of opening not counted:
opened on the 1st and closed on the 31st is within 30 days. Working days are those of the office's own calendar, counted
as its deadlines are: what was closed on the tenth working day, however late, is within 10. Imported complaints, and
those closed before version 2, have no working days and are left out where these are asked for.

A closing does not count when the complaint was reopened in the same month. What is reopened in a later month changes
nothing in a month that is over; when it closes again it counts there, with all days since it was first opened. What is
still open is not in this figure; it is in the backlog.
"""

import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question
from shouxin.measures.indicator import UP, Indicator
from shouxin.measures.indicators._closings import (
    COMPLAINT_KEYS,
    days_taken,
    in_period,
    only_complaints,
    standing_closings,
)
from shouxin.measures.kinds import COMPLAINT_CLOSED

DAYS = 30


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    closed = in_period(only_complaints(standing_closings(facts, COMPLAINT_CLOSED), facts), asked)
    limit = DAYS if asked.days is None else asked.days
    taken = closed.mutate(value=(days_taken(closed, asked) <= limit).cast("float64"))
    return taken.filter(taken.value.notnull())


INDICATOR = Indicator(
    code="complaints-closed-within",
    version=3,
    name=_("Complaints closed in time"),
    unit="share",
    direction=UP,
    formula=formula,
    stats=("share",),
    above=_("of these, closed within the number of days"),
    below=_("complaints closed in the period"),
    days=DAYS,
    beside=("complaint-days-to-close", "first-reply"),
    also=COMPLAINT_KEYS,
)
