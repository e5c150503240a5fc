"""What a customer does at the door, and what we do with his link."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases.kit import working_on
from shouxin.cases.models import Case
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.limits import knock, knocks
from shouxin.people.models import Staff
from shouxin.portal import queries
from shouxin.portal.facts import (
    FollowLinkGuessed,
    FollowLinkRenewed,
    FollowLinkSent,
    FollowLinkUnlocked,
    StaffAtCustomersPage,
)
from shouxin.portal.jobs import mail_again
from shouxin.portal.models import LinkRenewal
from shouxin.portal.rules import WRONG_ANSWERS
from shouxin.record.recording import record


class Locked(Exception):
    """Too many wrong answers were given for this link."""


def _door(case: Case) -> str:
    return f"unlock:{case.number}:{queries.present_nonce(case)}"


def is_locked(case: Case) -> bool:
    """Whether this link asks nothing any more, until it is renewed."""
    return knocks(_door(case)) >= WRONG_ANSWERS


@transaction.atomic
def unlock(case: Case, *, answer: str, at: datetime | None = None) -> bool:
    """Whether the answer is the datum asked for. Wrong answers are counted; the last one locks the link."""
    at = at or now()
    if is_locked(case):
        raise Locked
    datum = queries.asked_datum(case)
    if datum.is_met_by(answer):
        record(FollowLinkUnlocked(subject=case.ref, person=case.person, datum=datum.kind, **case.dims()), at=at)
        return True
    knock(_door(case), at)
    if is_locked(case):
        record(FollowLinkGuessed(subject=case.ref, person=case.person, **case.dims()), at=at)
    return False


def send_link_again(case: Case, *, by: Staff, at: datetime | None = None) -> None:
    """Mail the present link to the customer once more; who serves the case sends it and does not see it."""
    with working_on(case, by=by, at=at) as work:
        if not queries.known_addresses(work.case):
            raise Refused(_("We have no e-mail address of the customer on file."))
        if not mail_again(work.case):
            raise Refused(_("The link was sent several times in the past hour, or the case was closed long ago."))
        work.record(FollowLinkSent)


@transaction.atomic
def note_staff(case: Case, *, by: Staff, at: datetime | None = None) -> None:
    """Staff are no customers: that one of them tried to act as one is recorded."""
    fact = StaffAtCustomersPage(subject=case.ref, person=case.person, actor=by.ref, **case.dims())
    record(fact, at=at or now(), source=case.source)


def renew_link(case: Case, *, by: Staff, reason: str, at: datetime | None = None) -> LinkRenewal:
    """Make the present link void and a new one; say why."""
    with working_on(case, by=by, at=at) as work:
        generation = LinkRenewal.objects.filter(case=work.case).count() + 1
        renewal = LinkRenewal.objects.create(
            case=work.case, generation=generation, nonce=secrets.token_hex(16), by=by, at=work.at,
            reason=reason.strip() or _("Asked for by the customer"),
        )  # fmt: skip
        work.record(FollowLinkRenewed, generation=generation, reason="renewed", **work.case.dims())
    return renewal
