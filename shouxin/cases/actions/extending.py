"""More time for what is owed, where its rule allows it; the customer is told by whoever hears of it."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.cases.actions.moving import locked, require_service
from shouxin.cases.actions.promising import follow
from shouxin.cases.models import Case
from shouxin.cases.rules import check_reason
from shouxin.core.clock import now
from shouxin.core.links import link_for
from shouxin.people.models import Staff
from shouxin.people.notices import notify
from shouxin.promises import actions as promises
from shouxin.promises.models import Promise, PromiseExtension


@transaction.atomic
def extend_promise(
    case: Case, *, by: Staff, promise: int, step: str, reason: str, approver: Staff | None = None,
    at: datetime | None = None,
) -> PromiseExtension:  # fmt: skip
    """Lengthen one promise of the case by a step of its rule; `reason` is told to the customer.

    Promise.DoesNotExist when it belongs to another case; Refused where the rule does not allow it.
    """
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    check_reason(reason)
    owed = Promise.objects.about(case.ref).get(pk=promise)
    row = promises.extend(
        owed, step=step, at=at, reason=reason.strip(), by=by.ref, approver=approver.ref if approver else None
    )
    follow(case)
    if approver is not None:
        _tell_approver(case, approver, by=by, at=at)
    return row


def _tell_approver(case: Case, approver: Staff, *, by: Staff, at: datetime) -> None:
    """Who is named as having approved hears of it, and can object where they did not."""
    with translation.override(approver.language):
        told = {"name": by.name, "number": case.number}
        text = _("%(name)s recorded that you approved more time in %(number)s.") % told
    notify(approver, text, url=link_for(case.ref), at=at)
