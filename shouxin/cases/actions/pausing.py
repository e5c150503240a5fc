"""Clocks stand still while we wait for somebody else, where their rule allows it; and our own word along the way."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases.actions.moving import locked, require_service
from shouxin.cases.actions.promising import calendar_key_of, follow, promise_dims
from shouxin.cases.models import Case
from shouxin.cases.rules import check_reason
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.people.models import Staff
from shouxin.promises import actions as promises
from shouxin.promises.given import Given
from shouxin.promises.models import Promise


@transaction.atomic
def pause_clocks(
    case: Case, *, by: Staff, reason: str, waiting_for: str, at: datetime | None = None
) -> list[Promise]:  # fmt: skip
    """Stop every clock of the case whose rule knows this reason; says whom we wait for."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    check_reason(waiting_for)
    paused = promises.pause_about(case.ref, at=at, reason=reason, waiting_for=waiting_for, by=by.ref)
    if not paused:
        raise Refused(_("No clock in this case can be paused for this reason."))
    follow(case)
    return paused


@transaction.atomic
def run_clocks(case: Case, *, by: Staff, at: datetime | None = None) -> list[Promise]:
    """Let every clock of the case that stands still run on."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    still = Promise.objects.about(case.ref).filter(state="paused").order_by("pk")
    resumed = [promises.resume(each, at=at, by=by.ref) for each in still]
    follow(case)
    return resumed


def give_word(case: Case, given: Given, *, by: Staff, at: datetime) -> Promise:
    """Promise by an instant an officer names, for a locked case."""
    return promises.make(
        given, subject=case.ref, start_at=at, calendar_key=calendar_key_of(case), by=by.ref, person=case.person,
        dims=promise_dims(case), source=case.source,
    )  # fmt: skip
