"""What may happen to a promise: lock, check, write the state, record the fact. What time does to it: firing.py."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.queries import calendar_of
from shouxin.promises import facts
from shouxin.promises.bell import ring_for
from shouxin.promises.making import Making, make, make_many
from shouxin.promises.models import Promise, PromiseDue, PromiseExtension, PromisePause, State
from shouxin.promises.telling import about, breach, due_stamp, ran, seconds_of
from shouxin.promises.terms import acts_of, reckon_again, terms_of
from shouxin.record.erasing import Erasing
from shouxin.record.queries import timeline
from shouxin.record.recording import correct, record

__all__ = [
    "Making", "break_overdue", "carry", "extend", "forget", "keep", "make", "make_many", "pause", "pause_about",
    "restart", "resume", "resume_about", "settle", "withdraw",
]  # fmt: skip

RECKONED = ["due_at", "warn_at", "warn_ats", "reckoning", "calendar_version", "working_seconds", "paused_seconds"]


@transaction.atomic
def pause(promise: Promise, *, at: datetime, reason: str, waiting_for: str = "", by: Ref | None = None) -> PromisePause:
    """Stop the clock for a reason its rule knows. `waiting_for` says whom and what we wait for, in words.

    Raises Refused when the rule knows no such reason or the promise doesn't run at `at`.
    """
    locked = _lock(promise)
    if reason not in terms_of(locked).suspensions:
        raise Refused(_("The rule for this promise does not allow its clock to be paused for this reason."))
    if locked.state != State.RUNNING or not locked.start_at <= at <= locked.due_at:
        raise Refused(_("Only a running promise can be paused."))
    if _stood_once(locked, reason):
        raise Refused(_("Under the rule for this promise, its clock stands still for this reason only once."))
    told = facts.PromisePaused(**about(locked, actor=by), **_so_far(locked, at), reason=reason)
    content = {"waiting_for": waiting_for} if waiting_for else None
    (fact,) = record(told, at=at, content=content, source=locked.origin)
    locked.state = State.PAUSED
    locked.save(update_fields=["state"])
    return PromisePause.objects.create(
        promise=locked, paused_at=at, reason=reason, waiting_for=waiting_for, paused_by=by and str(by), fact=fact
    )


def _stood_once(promise: Promise, reason: str) -> bool:
    """Whether its rule lets the clock stand still for a reason once, and it did."""
    return getattr(terms_of(promise), "pauses_once", False) and promise.pauses.filter(reason=reason).exists()


@transaction.atomic
def resume(promise: Promise, *, at: datetime, by: Ref | None = None) -> Promise:
    """Let the clock run on; what it stood still is added. Does nothing when it already runs."""
    locked = _lock(promise)
    if locked.state == State.PAUSED:
        resume_locked(locked, at=at, by=by)
    return locked


def resume_locked(locked: Promise, *, at: datetime, by: Ref | None) -> None:
    """Resume a promise whose row is locked and paused."""
    row = locked.pauses.get(resumed_at=None)
    row.resumed_at, row.resumed_by = max(at, row.paused_at), by and str(by)
    row.save(update_fields=["resumed_at", "resumed_by"])
    before = locked.due_at
    move(locked, at=at, why=PromiseDue.Why.RESUMED, by=by)
    locked.state = State.RUNNING
    locked.save(update_fields=["state", *RECKONED])
    stood = seconds_of(row.resumed_at - row.paused_at)
    told = facts.PromiseResumed(**about(locked, actor=by), seconds=stood, due_before=due_stamp(locked, before))
    record(told, at=at, source=locked.origin)
    ring_for([locked.due_at, locked.warn_at])


@transaction.atomic
def extend(
    promise: Promise, *, step: str, at: datetime, reason: str, by: Ref | None = None, approver: Ref | None = None
) -> PromiseExtension:
    """Lengthen the term by a step of its rule; `at` is when the customer was told.

    Raises Refused when the rule has no such step, or asks for an approval that is missing.
    """
    locked = _lock(promise)
    allowed = next((each for each in terms_of(locked).extensions if each.code == step), None)
    if allowed is None:
        raise Refused(_("The rule for this promise does not have this extension."))
    if allowed.approver and (approver is None or approver == by):
        raise Refused(_("This extension needs the approval of: %(who)s") % {"who": allowed.approver})
    if allowed.after and not locked.extensions.filter(step=allowed.after).exists():
        raise Refused(_("This extension is possible only after the first one."))
    is_late = locked.state == State.RUNNING and at > locked.due_at
    if not locked.is_open or is_late or locked.extensions.filter(step=step).exists():
        raise Refused(_("Each extension can be used once, and only before the promise is due."))
    if not reason:
        raise Refused(_("Please say why more time is needed; the customer is told."))
    row = PromiseExtension.objects.create(
        promise=locked, step=step, extended_at=at, extended_by=by and str(by),
        approver=str(approver) if approver else "",
    )  # fmt: skip
    before = locked.due_at
    move(locked, at=at, why=PromiseDue.Why.EXTENDED, by=by)
    locked.save(update_fields=RECKONED)
    told = facts.PromiseExtended(
        **about(locked, actor=by), step=step, approver=row.approver, due_before=due_stamp(locked, before)
    )
    record(told, at=at, content={"reason": reason}, source=locked.origin)
    ring_for([locked.due_at, locked.warn_at])
    return row


def move(locked: Promise, *, at: datetime, why: str, by: Ref | None = None) -> None:
    """Reckon a locked promise again and keep a row of the move; warnings whose instant has passed are not repeated."""
    before, steps = locked.due_at, locked.reckoning
    reckon_again(locked, calendar_of(locked.calendar_key), locked.pauses.all(), locked.extensions.all())
    locked.warn_at = min((warn for warn in locked.warn_ats if warn > at), default=None)
    if locked.due_at != before:
        PromiseDue.objects.create(
            promise=locked, changed_at=at, old=before, new=locked.due_at, why=why, changed_by=by and str(by),
            reckoning_before=steps,
        )  # fmt: skip


def keep(promise: Promise, *, at: datetime, act: Act | None = None, by: Ref | None = None) -> Promise:
    """What was promised was done at `at`; see `settle`. Without an act, by the first that its rule names."""
    settle([promise], at=at, act=act or acts_of(promise)[0], by=by)
    promise.refresh_from_db()
    return promise


@transaction.atomic
def settle(
    promises: Iterable[Promise], *, at: datetime, act: Act, by: Ref | None = None, fact: int | None = None
) -> list[Promise]:
    """What these promised was done at `at` by an act, of which `fact` tells: in time they are kept, else broken at
    their due instant and made good.

    Was one marked broken although it was kept in time (the news came late), the breach is corrected.
    Kept and withdrawn ones stay as they are. ValueError when the rule of one does not name this act.
    """
    lock = Promise.objects.select_for_update(no_key=True, of=("self",))
    locked = list(lock.filter(pk__in=[each.pk for each in promises]).order_by("pk"))
    for each in locked:
        if act not in acts_of(each):
            raise ValueError(f"{each.rule} is not kept by {act!r}")
        if each.state == State.PAUSED:
            resume_locked(each, at=at, by=by)
        if each.is_owed:
            each.act, each.act_fact = act, fact
            _end(each, at=at, by=by)
    return locked


def _end(locked: Promise, *, at: datetime, by: Ref | None) -> None:
    was_broken, is_late = locked.state == State.BROKEN, at > locked.due_at
    if is_late and not was_broken:
        _break(locked)
    locked.state = State.BROKEN if is_late else State.KEPT
    locked.broken_at = locked.due_at if is_late else None
    locked.ended_at, locked.ended_by, locked.warn_at = at, by and str(by), None
    locked.save(update_fields=["state", "broken_at", "ended_at", "ended_by", "warn_at", "act", "act_fact"])
    shared = about(locked, actor=by) | _so_far(locked, at) | {"act": locked.act, "act_fact": locked.act_fact}
    if is_late:
        late = seconds_of(at - locked.due_at)
        record(facts.PromiseMadeGood(**shared, late_seconds=late), at=at, source=locked.origin)
        return
    kept = facts.PromiseKept(**shared, early_seconds=seconds_of(locked.due_at - at))
    if was_broken:
        correct(_breach_of(locked), kept, by=by or locked.ref, reason="kept in time, learnt late", at=at)
    else:
        record(kept, at=at, source=locked.origin)


def _break(locked: Promise) -> None:
    """Broken at its due instant, however late that is noticed, by whoever answered for it then."""
    locked.state, locked.broken_at, locked.warn_at = State.BROKEN, locked.due_at, None
    locked.save(update_fields=["state", "broken_at", "warn_at"])
    record(breach(locked), at=locked.due_at, source=locked.origin)


@transaction.atomic
def break_overdue(*subjects: Ref, at: datetime) -> list[Promise]:
    """What these owed and fell due before `at` is broken, as the loop would have done it by then.

    Whatever ends promises or gives them to somebody else begins with this: a breach does not hang on how busy the
    worker is, and stays with whoever answered for it when it fell due.
    """
    lock = Promise.objects.select_for_update(no_key=True, of=("self",)).about(*subjects)
    late = list(lock.filter(state=State.RUNNING, due_at__lt=at).order_by("pk"))
    for each in late:
        _break(each)
    return late


def _breach_of(locked: Promise) -> int:
    """The number of the fact that told of the breach."""
    entries = timeline(Ref.parse(locked.subject), Audience(locked.audience), limit=1000)
    return next(each.id for each in entries if each.kind == "PromiseBroken" and each.promise == locked.pk)


@transaction.atomic
def withdraw(promise: Promise, *, at: datetime, reason: str, by: Ref | None = None, words: str = "") -> Promise:
    """It is no longer owed; one that has ended stays as it is. `reason` is a code, `words` are the customer's own.

    Did it fall due before `at`, it stays broken for ever; only nobody waits for it any longer.
    """
    locked = _lock(promise)
    if locked.state == State.RUNNING and locked.due_at < at:
        _break(locked)
    if locked.is_owed:
        locked.pauses.filter(resumed_at=None).update(resumed_at=at, resumed_by=by and str(by))
        locked.state = State.BROKEN if locked.state == State.BROKEN else State.WITHDRAWN
        locked.warn_at, locked.ended_at, locked.ended_by, locked.ended_reason = None, at, by and str(by), reason
        locked.save(update_fields=["state", "warn_at", "ended_at", "ended_by", "ended_reason"])
        told = facts.PromiseWithdrawn(**about(locked, actor=by), **_so_far(locked, at), reason=reason)
        record(told, at=at, content={"words": words} if words else None, source=locked.origin)
    return locked


@transaction.atomic
def restart(promise: Promise, *, at: datetime, by: Ref | None = None, since: datetime | None = None) -> Promise:
    """New facts came in (`since`: when they did) and the rule counts from them: withdrawn, and promised anew."""
    rule = terms_of(promise)
    if not getattr(rule, "restarts_on_new_facts", False):
        raise Refused(_("Under the rule for this promise, new facts do not restart the clock."))
    held = _lock(promise)
    if not held.is_open or (held.state == State.RUNNING and held.due_at < at):
        raise Refused(_("Only an open promise can be restarted."))
    old = withdraw(held, at=at, reason="restarted", by=by)
    return make(
        rule, subject=Ref.parse(old.subject), start_at=since or at, begun_by="information_received",
        calendar_key=old.calendar_key, by=by, dims=old.dims,
        person=Ref.parse(old.person) if old.person else None, amount=old.amount, currency=old.currency,
        source=old.origin,
    )  # fmt: skip


@transaction.atomic
def pause_about(
    *subjects: Ref, at: datetime, reason: str, waiting_for: str = "", by: Ref | None = None
) -> list[Promise]:
    """Pause every running promise about these subjects whose rule knows the reason; the others run on."""
    running = Promise.objects.about(*subjects).filter(state=State.RUNNING, due_at__gte=at, start_at__lte=at)
    pausable = [
        each for each in running.order_by("pk")
        if reason in terms_of(each).suspensions and not _stood_once(each, reason)
    ]  # fmt: skip
    for each in pausable:
        pause(each, at=at, reason=reason, waiting_for=waiting_for, by=by)
    return pausable


@transaction.atomic
def resume_about(*subjects: Ref, at: datetime, reason: str, by: Ref | None = None) -> list[Promise]:
    """Resume every promise about these subjects that stands still for this reason."""
    paused = Promise.objects.about(*subjects).filter(state=State.PAUSED, pauses__resumed_at=None, pauses__reason=reason)
    return [resume(each, at=at, by=by) for each in paused.order_by("pk")]


_CARRY = """
UPDATE promises_promise SET dims = dims || %s::jsonb || CASE
  WHEN dims ? 'bearer' THEN jsonb_build_object('officer', dims -> 'bearer') ELSE '{}'::jsonb END
WHERE subject = %s AND (state IN ('running', 'paused') OR state = 'broken' AND ended_at IS NULL)
"""


def carry(subject: Ref, dims: dict[str, str], *, at: datetime) -> int:
    """The case went to another officer or team at `at`: what is still owed then is theirs from now on.

    What fell due before stays a breach of whoever answered for it until then. What somebody else owes in this case,
    its `bearer` (the investigator), stays theirs.
    """
    break_overdue(subject, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_CARRY, [json.dumps(dims), str(subject)])
        return cursor.rowcount


def forget(erasing: Erasing) -> None:
    """Erase whom we waited for, where the record erases it; safe to run twice."""
    meant = Q(fact__in=erasing.facts)
    if erasing.person is not None:
        people = [str(ref) for ref in erasing.people]
        meant |= Q(promise__person__in=people) | Q(promise__subject__in=people)
    PromisePause.objects.filter(meant).exclude(waiting_for="").update(waiting_for="")


def _lock(promise: Promise) -> Promise:
    """The same object, its row locked and read anew."""
    promise.refresh_from_db(from_queryset=Promise.objects.select_for_update(no_key=True, of=("self",)))
    return promise


def _so_far(locked: Promise, at: datetime) -> dict[str, int]:
    stood = [(row.paused_at, row.resumed_at or at) for row in locked.pauses.all()]
    return ran(locked, at, calendar_of(locked.calendar_key), stood)
