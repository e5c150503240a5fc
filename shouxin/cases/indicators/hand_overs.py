"""How often a case changed hands.

This counts the cases that closed in the period and were not reopened in the same month, each with all its hand-overs
from one officer to another, whenever they happened. Taking a case from the queue, and putting it back, is not a
hand-over.

The value is hand-overs per case. Its interval is Garwood's for the count. Some hand-overs serve the customer, as those
to a specialist do; many for one case seldom do.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.indicators._closings import standing_closings
from shouxin.record.indicator import DOWN, Indicator

SQL = f"""
SELECT f.*, coalesce(handed.times, 0) AS value
FROM {standing_closings("CaseClosed")} AS f
LEFT JOIN (
  SELECT subject_id, count(*) AS times FROM facts WHERE kind = 'CaseHandedOver' GROUP BY subject_id
) AS handed ON handed.subject_id = f.subject_id
WHERE f.day >= $since AND f.day < $until
"""

INDICATOR = Indicator(
    code="hand-overs",
    version=2,
    name=_("Hand-overs per case"),
    definition=__doc__,
    unit="hand-overs per case",
    direction=DOWN,
    sql=SQL,
    stats=("rate",),
    above=_("hand-overs of these cases"),
    below=_("cases closed in the period"),
    beside=("first-reply", "complaint-days-to-close"),
)
