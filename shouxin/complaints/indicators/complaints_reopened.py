"""How many complaints were reopened.

A complaint counts on each day on which an officer reopened it after it had been closed. What a customer writes after
the closing does not reopen it by itself: thanks are no complaint.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.complaints.indicators._complaints import IS_COMPLAINT
from shouxin.record.indicator import DOWN, Indicator

SQL = f"""
SELECT f.*, 1 AS value
FROM facts AS f
WHERE f.kind = 'CaseReopened' AND f.day >= $since AND f.day < $until AND {IS_COMPLAINT}
  AND EXISTS (SELECT 1 FROM facts AS c WHERE c.kind = 'ComplaintClosed' AND c.subject_id = f.subject_id)
"""

INDICATOR = Indicator(
    code="complaints-reopened",
    version=1,
    name=_("Complaints reopened"),
    definition=__doc__,
    unit="complaints",
    direction=DOWN,
    sql=SQL,
    stats=("count",),
    above=_("complaints reopened in the period"),
    beside=("complaints-closed", "complaint-days-to-close"),
)
