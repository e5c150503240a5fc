"""How many complaints were closed.

A complaint counts on the day it was closed, by the company's calendar. It does not when it was reopened in that same
month: then it had not ended. What is reopened in a later month changes nothing in a month that is over; it counts again
on the day it closes again, and the reopening is in the figure of complaints reopened. So the months add up to the year.

What was lodged as a complaint and classified as an enquiry or a claim in the end is none, neither here nor among the
complaints opened.

A complaint with several reasons is one complaint. By reason, it counts once for each of its reasons.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.indicators._closings import standing_closings
from shouxin.complaints.indicators._complaints import COMPLAINT_KEYS, IS_COMPLAINT
from shouxin.record.indicator import NEITHER, Indicator

SQL = f"""
SELECT f.*, 1 AS value
FROM {standing_closings("ComplaintClosed")} AS f
WHERE f.day >= $since AND f.day < $until AND {IS_COMPLAINT}
"""

INDICATOR = Indicator(
    code="complaints-closed",
    version=2,
    name=_("Complaints closed"),
    definition=__doc__,
    unit="complaints",
    direction=NEITHER,
    sql=SQL,
    stats=("count",),
    above=_("complaints closed in the period"),
    beside=("complaints-opened", "complaints-reopened", "complaint-days-to-close"),
    also=COMPLAINT_KEYS,
)
