"""How long customers waited for our first reply.

This counts the cases that closed in the period and were not reopened in the same month. The time runs from the
opening of the case to the first reply that was sent, or the first call that reached the customer; an attempt is none.
A case that was closed without any reply counts with the time until it was closed: until then the customer had not
heard from us.

Hours are those of the calendar; in working time, those of the office's working calendar. The value is the median, the
mean or the ninetieth percentile (linear between neighbours).
"""

from django.utils.translation import gettext_lazy as _

from shouxin.cases.indicators._closings import standing_closings
from shouxin.record.indicator import DOWN, TIMES_MEASURED, Indicator

SQL = f"""
SELECT f.*, coalesce(
    reply.waited, CASE WHEN $unit = 'working' THEN f.working_seconds ELSE f.seconds END
  ) / 3600.0 AS value
FROM {standing_closings("CaseClosed")} AS f
LEFT JOIN (
  SELECT subject_id, CASE WHEN $unit = 'working' THEN working_seconds ELSE seconds END AS waited
  FROM facts WHERE kind = 'ReplySent' AND first
) AS reply ON reply.subject_id = f.subject_id
WHERE f.day >= $since AND f.day < $until
"""

INDICATOR = Indicator(
    code="first-reply",
    version=2,
    name=_("Time to the first reply"),
    definition=__doc__,
    unit="hours",
    direction=DOWN,
    sql=SQL,
    stats=TIMES_MEASURED,
    above=_("hours that customers waited in these cases"),
    below=_("cases closed in the period"),
    beside=("promises-kept", "hand-overs"),
)
