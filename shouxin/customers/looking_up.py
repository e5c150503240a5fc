"""Looking customers up. By telephone or identity number only whole, counted by the hour, and recorded.

A page masks them; whoever could try the hidden digits one after the other by searching would read them all the same.
"""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.limits import knock
from shouxin.core.phones import FEWEST_DIGITS, written_digits
from shouxin.customers.facts import SearchedByMaskedData
from shouxin.people.models import Staff
from shouxin.record.recording import record

MOST_PER_HOUR = 60
# An identity number of any country: letters and digits run together.
_IDENTITY = re.compile(r"(?<![\w-])[A-Za-z]{0,3}\d[\dA-Za-z()]{5,}(?![\w-])")
# The house's own numbers of cases, customers and policies bear a hyphen.
_OWN_NUMBER = re.compile(r"\s*[A-Za-z]{1,3}\d{0,4}-[\d-]+\s*")


def is_by_masked_data(text: str) -> bool:
    """Whether this looks for a telephone or identity number."""
    if _OWN_NUMBER.fullmatch(text):
        return False
    return len(written_digits(text)) >= FEWEST_DIGITS or bool(_IDENTITY.search(text))


def note_search(text: str, *, by: Staff, at: datetime | None = None) -> None:
    """Count and record a search by masked data; Refused when there were too many in this hour."""
    if not is_by_masked_data(text):
        return
    at = at or now()
    if knock(f"masked:{by.pk}", at) > MOST_PER_HOUR:
        raise Refused(_("You have searched by telephone or identity number very often in this hour. Search by name."))
    with transaction.atomic():
        record(SearchedByMaskedData(subject=by.ref, actor=by.ref, **by.dims()), at=at)
