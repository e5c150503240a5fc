"""How many complaints came in.

A complaint counts on the day it was opened, by the company's calendar. A complaint that is reopened is not a new one
and does not count again. What was classified as an enquiry or a claim in the end was none and does not count, neither
here nor among the complaints closed: both count the same things.

A complaint with several reasons, or against several companies, is one complaint. By reason, it counts once for each of
its reasons, so that the rows can add up to more than the whole.
"""

from django.utils.translation import gettext_lazy as _

from shouxin.complaints.indicators._complaints import COMPLAINT_KEYS, IS_COMPLAINT
from shouxin.record.indicator import DOWN, Indicator

SQL = f"""
SELECT f.*, 1 AS value
FROM facts AS f
WHERE f.kind = 'ComplaintOpened' AND f.day >= $since AND f.day < $until AND {IS_COMPLAINT}
"""

INDICATOR = Indicator(
    code="complaints-opened",
    version=2,
    name=_("Complaints opened"),
    definition=__doc__,
    unit="complaints",
    direction=DOWN,
    sql=SQL,
    stats=("count",),
    above=_("complaints opened in the period"),
    beside=("complaints-closed", "complaints-closed-within"),
    also=COMPLAINT_KEYS,
    own=_(
        "These are the complaints you registered yourself. One that a customer sends in has no officer yet when it is "
        "opened: it counts for the team, not for a person."
    ),
)
