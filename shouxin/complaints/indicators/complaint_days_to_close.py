"""How long a complaint took, from its opening to its end.

This counts the complaints that closed in the period, whenever they were opened. Days are those of the calendar; the
day of opening is not counted, so that what was opened and closed on one day took 0 days. Working days are those of the
office's own calendar, counted as its deadlines are: the day of opening is not counted, the day of closing is. Both are
whole days, recorded when the complaint closed. Imported complaints, and those closed before version 2, have no working
days and are left out where these are asked for.

A closing does not count when the complaint was reopened in the same month. What is reopened in a later month changes
nothing in a month that is over; when it closes again it counts there, with all days since it was first opened. Nothing
is gained by closing early.

The value is the median, the mean or the ninetieth percentile (linear between neighbours). The interval of a percentile
is bounded by order statistics, that of the mean by Student's t.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.indicators._closings import standing_closings
from shouxin.complaints.indicators._complaints import COMPLAINT_KEYS, DAYS_TAKEN, IS_COMPLAINT
from shouxin.record.indicator import DOWN, TIMES_MEASURED, Indicator

SQL = f"""
SELECT f.*, {DAYS_TAKEN} AS value
FROM {standing_closings("ComplaintClosed")} AS f
WHERE f.day >= $since AND f.day < $until AND {IS_COMPLAINT}
"""

INDICATOR = Indicator(
    code="complaint-days-to-close",
    version=3,
    name=_("Days until a complaint is closed"),
    definition=__doc__,
    unit="days",
    direction=DOWN,
    sql=SQL,
    stats=TIMES_MEASURED,
    above=_("days taken by the complaints closed in the period"),
    below=_("complaints closed in the period"),
    beside=("complaints-closed-within", "hand-overs"),
    also=COMPLAINT_KEYS,
)
