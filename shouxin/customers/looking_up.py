"""Looking customers up. By telephone or identity number only whole, counted by the hour, and recorded.

A page masks them; whoever could try the hidden digits one after the other by searching would read them all the same.
"""

import re
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.incoming import normal
from shouxin.core.limits import knock
from shouxin.core.phones import FEWEST_DIGITS
from shouxin.customers.facts import SearchedByMaskedData
from shouxin.customers.models import Customer
from shouxin.people.models import Staff
from shouxin.record.recording import record

MOST_PER_HOUR = 60
# An identity number of any country: letters and digits run together.
_IDENTITY = re.compile(r"(?<![\w-])[A-Za-z]{0,3}\d[\dA-Za-z()]{5,}(?![\w-])")
# Whether a number is one of the house: of a customer, a policy, a case. Each room adds what it numbers.
NUMBERED: list[Callable[[str], bool]] = [lambda number: Customer.objects.filter(number=number).exists()]


def is_by_masked_data(text: str) -> bool:
    """Whether this looks for a telephone or identity number.

    A number of the house is none only if it exists: what merely looks like one finds a telephone all the same.
    """
    text = normal(text)
    if len(re.sub(r"\D", "", text)) < FEWEST_DIGITS and not _IDENTITY.search(text):
        return False
    return not any(is_known(text.upper()) for is_known in NUMBERED)


def note_search(text: str, *, by: Staff, at: datetime | None = None) -> None:
    """Count and record a search by masked data; Refused when there were too many in this hour."""
    if not is_by_masked_data(text):
        return
    at = at or now()
    if knock(f"masked:{by.pk}", at) > MOST_PER_HOUR:
        raise Refused(_("You have searched by telephone or identity number very often in this hour. Search by name."))
    with transaction.atomic():
        record(SearchedByMaskedData(subject=by.ref, actor=by.ref, **by.dims()), at=at)
