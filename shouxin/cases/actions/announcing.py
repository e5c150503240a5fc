"""What happens in a case begins and ends terms: said by an officer, or by the house where a rule was broken."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases.actions.moving import about, locked, require_service
from shouxin.cases.actions.promising import begin_anew, follow, settle
from shouxin.cases.facts import EventRecorded
from shouxin.cases.models import Case, CaseEvent
from shouxin.cases.queries import events_for
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.submissions import check_same
from shouxin.jurisdictions.events import ENDINGS, Ending
from shouxin.people.models import Staff
from shouxin.promises import actions as promises
from shouxin.promises.models import OPEN, Promise
from shouxin.promises.terms import acts_of, terms_of
from shouxin.record.recording import record


@transaction.atomic
def record_event(
    case: Case, *, by: Staff, event: str, at: datetime, key: UUID | None = None, said_at: datetime | None = None
) -> CaseEvent:
    """An officer says what happened in the case and when (`at`). The same key again is the same event."""
    case, key = locked(case), key or uuid4()
    if (known := CaseEvent.objects.filter(key=key).first()) is not None:
        check_same(f"{known.case_id} {known.event} {day_of(known.at)}", f"{case.pk} {event} {day_of(at)}")
        return known
    require_service(by, case, said_at or now())
    if at > (said_at or now()):
        raise Refused(_("This lies in the future. Please record it once it has happened."))
    if event not in events_for(case):
        raise Refused(_("No term of this case counts from this or ends with it."))
    row = CaseEvent.objects.create(case=case, event=event, at=at, by=by, key=key)
    (fact,) = record(EventRecorded(**about(case, by), event=event), at=at, source=case.source)
    announce(case, event, at=at, by=by, fact=fact)
    follow(case)
    return row


@transaction.atomic
def record_breach(promise: Promise) -> CaseEvent | None:
    """What the breach of a rule brings about by law, such as a request deemed agreed. Safe to run twice."""
    terms, case = terms_of(promise), Case.objects.filter(pk=Ref.parse(promise.subject).id).first()
    event = getattr(terms, "on_breach", "")
    if not event or case is None or promise.broken_at is None:
        return None
    case, key = locked(case), uuid5(NAMESPACE_URL, f"promise:{promise.pk}:{event}")
    row, is_new = CaseEvent.objects.get_or_create(
        key=key, defaults={"case": case, "event": event, "at": promise.broken_at}
    )
    if is_new:
        told = EventRecorded(**about(case, None), event=event, by_law=promise.rule)
        record(told, at=promise.broken_at, source=case.source)
        announce(case, event, at=promise.broken_at, by=None)
        follow(case)
    return row


def announce(
    case: Case, event: str, *, at: datetime, by: Staff | None, fact: int | None = None, bearer: Staff | None = None
) -> None:
    """For a locked case: end what this event keeps or makes void, then begin every rule that starts with it.

    `bearer` answers for what begins, in place of the officer.
    """
    ending = ENDINGS.get(event, Ending())
    for promise in Promise.objects.about(*_subjects(case)).owed().order_by("pk"):
        terms = terms_of(promise)
        if act := ending.act_for(getattr(terms, "subject", ""), acts_of(promise)):
            settle([promise], at=at, act=act, by=by, fact=fact)
        elif event in getattr(terms, "void_by", ()) and promise.state in OPEN:
            promises.withdraw(promise, at=at, reason=event, by=by.ref if by else None)
    begin_anew(case, events=[event], at=at, by=by, bearer=bearer)


def _subjects(case: Case) -> list[Ref]:
    """The case, and its policy: what was promised about that may be done here."""
    return [case.ref, *([Ref("policy", case.policy_id)] if case.policy_id else [])]
