"""The share of complaints that were closed within a number of days; 30 when none is given.

This counts the complaints that closed in the period. Days are those of the calendar, the day of opening not counted:
opened on the 1st and closed on the 31st is within 30 days. Working days are those of the office's own calendar, counted
as its deadlines are: what was closed on the tenth working day, however late, is within 10. Imported complaints, and
those closed before version 2, have no working days and are left out where these are asked for.

A closing does not count when the complaint was reopened in the same month. What is reopened in a later month changes
nothing in a month that is over; when it closes again it counts there, with all days since it was first opened. What is
still open is not in this figure; it is in the backlog.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.indicators._closings import standing_closings
from shouxin.complaints.indicators._complaints import COMPLAINT_KEYS, DAYS_TAKEN, IS_COMPLAINT
from shouxin.record.indicator import UP, Indicator

DAYS = 30

SQL = f"""
SELECT c.*, CASE WHEN c.taken <= $days THEN 1 WHEN c.taken > $days THEN 0 END AS value
FROM (
  SELECT f.*, {DAYS_TAKEN} AS taken
  FROM {standing_closings("ComplaintClosed")} AS f
  WHERE f.day >= $since AND f.day < $until AND {IS_COMPLAINT}
) AS c
"""

INDICATOR = Indicator(
    code="complaints-closed-within",
    version=3,
    name=_("Complaints closed within %(days)s"),
    definition=__doc__,
    unit="share",
    direction=UP,
    sql=SQL,
    stats=("share",),
    above=_("of these, closed within the number of days"),
    below=_("complaints closed in the period"),
    days=DAYS,
    beside=("complaint-days-to-close", "first-reply"),
    also=COMPLAINT_KEYS,
)
