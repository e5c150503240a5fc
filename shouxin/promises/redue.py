"""A calendar changed while promises run: every open promise of that place is reckoned anew, by new rows."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.models import Declaration
from shouxin.jurisdictions.queries import calendar_if, calendar_of
from shouxin.promises import facts
from shouxin.promises.bell import ring_for
from shouxin.promises.models import Promise, PromiseDue
from shouxin.promises.telling import about, due_stamp
from shouxin.promises.terms import reckon_again
from shouxin.record.recording import record

CHUNK = 500
RECKONED = ("due_at", "warn_at", "warn_ats", "reckoning", "calendar_version", "working_seconds", "paused_seconds")


def redue_changed(at: datetime, *, detail: str = "") -> int:
    """Reckon anew every open promise whose calendar has another version now; returns how many moved.

    Safe to run twice and to be killed: what was done has the new version. Kept and broken ones don't change.
    """
    moved = 0
    keys = Promise.objects.open().order_by("calendar_key").values_list("calendar_key", flat=True).distinct()
    for key in list(keys):
        calendar, after = calendar_of(key), 0
        while (chunk := _redue_chunk(calendar, key, after, at, detail)) is not None:
            after, count = chunk
            moved += count
    return moved


@dataclass(frozen=True)
class Moved:
    """A promise that would move; both instants are on the wall of its calendar."""

    promise: Promise
    old: datetime
    new: datetime


def would_move(told: Declaration, *, at: datetime) -> list[Moved]:
    """What `redue_changed` would move if this were declared now; nothing is written."""
    moved = []
    keys = Promise.objects.open().filter(calendar_key__startswith=f"{told.jurisdiction}:")
    for key in keys.order_by("calendar_key").values_list("calendar_key", flat=True).distinct():
        calendar = calendar_if(told, key)
        if calendar.version == calendar_of(key).version:
            continue
        found = Promise.objects.open().filter(calendar_key=key).prefetch_related("pauses", "extensions")
        for promise in found.order_by("due_at", "pk"):
            old = promise.due_at
            _reckon_unless_past(promise, calendar, at)
            if promise.due_at != old:
                moved.append(Moved(promise, old.astimezone(calendar.zone), promise.due_at.astimezone(calendar.zone)))
    return moved


@transaction.atomic
def _redue_chunk(calendar: Calendar, key: str, after: int, at: datetime, detail: str) -> tuple[int, int] | None:
    """Some of those of one calendar; returns (the last id, how many moved), None when none is left."""
    stale = Promise.objects.open().filter(calendar_key=key, id__gt=after).exclude(calendar_version=calendar.version)
    locked = list(
        stale.select_for_update(no_key=True, of=("self",))
        .prefetch_related("pauses", "extensions")
        .order_by("id")[:CHUNK]
    )
    if not locked:
        return None
    before = {each.pk: (each.due_at, each.reckoning) for each in locked}
    for each in locked:
        _reckon_unless_past(each, calendar, at)
    moved = [each for each in locked if each.due_at != before[each.pk][0]]
    Promise.objects.bulk_update(locked, RECKONED)
    PromiseDue.objects.bulk_create(
        PromiseDue(
            promise=each, changed_at=at, old=before[each.pk][0], new=each.due_at, why=PromiseDue.Why.CALENDAR,
            detail=detail, reckoning_before=before[each.pk][1],
        )
        for each in moved
    )  # fmt: skip
    _tell(moved, {pk: due_at for pk, (due_at, _) in before.items()}, at, detail)
    return locked[-1].pk, len(moved)


def _reckon_unless_past(promise: Promise, calendar: Calendar, at: datetime) -> None:
    """Nobody breaks a promise by a word spoken afterwards: what would have been due already stays where it was."""
    as_it_was = {name: getattr(promise, name) for name in RECKONED}
    reckon_again(promise, calendar, promise.pauses.all(), promise.extensions.all())
    if promise.due_at < at <= as_it_was["due_at"]:
        for name, value in as_it_was.items():
            setattr(promise, name, value)
        promise.calendar_version = calendar.version
    else:
        promise.warn_at = min((warn for warn in promise.warn_ats if warn > at), default=None)


def _tell(moved: list[Promise], before: dict[int, datetime], at: datetime, detail: str) -> None:
    by_origin: dict[str, list[facts.PromiseRedued]] = {}
    for each in moved:
        told = facts.PromiseRedued(**about(each), due_before=due_stamp(each, before[each.pk]), why=detail)
        by_origin.setdefault(each.origin, []).append(told)
    for origin, told in by_origin.items():
        record(*told, at=at, source=origin)
    ring_for(instant for each in moved for instant in (each.due_at, each.warn_at))
