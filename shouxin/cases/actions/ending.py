"""What a case still owes when it is to be closed: closing keeps no promise, so each is settled by itself."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from shouxin.cases.actions.promising import keep_named
from shouxin.cases.channels import is_spoken
from shouxin.cases.keeping import is_after
from shouxin.cases.models import Case, Direction
from shouxin.cases.rules import CASE_CLOSED, MATTER_ENDED, RELEASED, Settled, StillOwed, check_reason
from shouxin.core.guards import Refused
from shouxin.people.models import Staff
from shouxin.promises import actions as promises
from shouxin.promises.choosing import ends_with_the_case
from shouxin.promises.models import Promise
from shouxin.promises.terms import terms_of


def end_owed(case: Case, *, reason: str, settled: Iterable[Settled], at: datetime, by: Staff) -> None:
    """Settle everything a locked case owes, or raise StillOwed.

    What fell due before is broken first, whatever the reason. Where the matter itself is over the rest is withdrawn;
    so are reports, which are owed only while a case is open. Everything else was done by an act, or the customer
    released us.
    """
    promises.break_overdue(case.ref, at=at)
    said, owed = {each.promise: each for each in settled}, []
    for promise in Promise.objects.about(case.ref).owed().order_by("pk"):
        if reason in MATTER_ENDED:
            promises.withdraw(promise, at=at, reason=reason, by=by.ref)
        elif what := said.get(promise.pk):
            _settle(case, promise, what, at=at, by=by)
        elif ends_with_the_case(terms_of(promise)):
            promises.withdraw(promise, at=at, reason=CASE_CLOSED, by=by.ref)
        else:
            owed.append(str(terms_of(promise).title))
    if owed:
        raise StillOwed(owed)


def _settle(case: Case, promise: Promise, what: Settled, *, at: datetime, by: Staff) -> None:
    if what.touch is None:
        check_reason(what.words)
        when = _within(what.at or at, promise.start_at, at)
        promises.withdraw(promise, at=when, reason=RELEASED, words=what.words, by=by.ref)
        return
    touch = case.touches.get(pk=what.touch, direction=Direction.OUTBOUND)
    if not is_after(touch.at, promise):
        raise Refused(_("What was said before a promise or along with it cannot have kept it."))
    when = _within(what.at or touch.at, touch.at, at)
    keep_named(case, promise.pk, at=when, by=by, fact=touch.fact, spoken=is_spoken(touch.channel))


def _within(when: datetime, first: datetime, last: datetime) -> datetime:
    if not first <= when <= last:
        raise Refused(_("This day lies before the reply or call that did it, or in the future."))
    return when
