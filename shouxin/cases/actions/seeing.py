"""Who serves a customer sees whom they serve, unmasked, in that case; recorded once an officer, case and day."""

from datetime import date, datetime
from functools import lru_cache

from django.db import transaction

from shouxin.cases.actions.moving import about, locked
from shouxin.cases.facts import PersonalDataSeen
from shouxin.cases.models import Case
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of
from shouxin.people.models import Staff
from shouxin.record.queries import told_of
from shouxin.record.recording import record


def see_personal(case: Case, *, by: Staff, at: datetime) -> None:
    """Name and contacts of the customer are shown to `by`, who serves the case."""
    if (case.pk, by.pk, day_of(at)) not in _recorded_today(day_of(at)):
        _record_once(case, by, at)
        _recorded_today(day_of(at)).add((case.pk, by.pk, day_of(at)))


@lru_cache(maxsize=2)
def _recorded_today(day: date) -> set[tuple[int, int, date]]:
    """What this process knows to be recorded, so that a page that is looked at again asks nothing."""
    return set()


@transaction.atomic
def _record_once(case: Case, by: Staff, at: datetime) -> None:
    case = locked(case)
    said = {"officer": str(by.ref), "day": day_of(at).isoformat()}
    if not told_of(case.ref, "PersonalDataSeen", Audience.COMPLIANCE, limit=1, **said):
        record(PersonalDataSeen(**about(case, by), **said), at=at, source=case.source)
