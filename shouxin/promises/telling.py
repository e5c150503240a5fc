"""How a promise tells of itself: the fields all its facts share, and how long it ran."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from shouxin.core.audience import Audience
from shouxin.core.clock import company_zone
from shouxin.core.refs import Ref
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.packs import zone_of
from shouxin.promises.facts import PromiseBroken
from shouxin.promises.models import Promise

Span = tuple[datetime, datetime]


def about(promise: Promise, *, actor: Ref | None = None) -> dict[str, Any]:
    """The keywords every fact of this promise begins with."""
    return (
        {"jurisdiction": promise.jurisdiction}
        | promise.code_dims()
        | {
            "subject": Ref.parse(promise.subject),
            "person": Ref.parse(promise.person) if promise.person else None,
            "actor": actor,
            "rule": promise.rule,
            "audience": Audience(promise.audience),
            "promise": promise.pk,
            "title": promise.title,
            "rule_version": promise.rule_version,
            "due_at": due_stamp(promise, promise.due_at),
            "officer": promise.dims.get("officer", ""),
        }
    )


def stamp(at: datetime) -> str:
    """An instant in a fact: one spelling for all."""
    return at.astimezone(UTC).isoformat()


def due_stamp(promise: Promise, due_at: datetime) -> str:
    """A due instant in a fact, with the offset of the calendar it was reckoned by: read anywhere, it is that day."""
    return due_at.astimezone(_zone(promise.calendar_key)).isoformat()


def due_from(stamped: str, jurisdiction: str | None) -> datetime:
    """The due instant of a fact on the wall of its calendar.

    Facts of before bear UTC: those are read in the zone of the jurisdiction the fact names, else in the company's.
    """
    due_at = datetime.fromisoformat(stamped)
    return due_at if due_at.utcoffset() else due_at.astimezone(_zone(jurisdiction or ""))


def _zone(key: str) -> tzinfo:
    return zone_of(key) or company_zone()


def breach(promise: Promise) -> PromiseBroken:
    """The fact of its breach, from what was reckoned beforehand."""
    wall = seconds_of(promise.due_at - promise.start_at) - promise.paused_seconds
    return PromiseBroken(**about(promise), seconds=wall, working_seconds=promise.working_seconds)


def ran(promise: Promise, until: datetime, calendar: Calendar, stood: Iterable[Span] = ()) -> dict[str, int]:
    """`seconds` and `working_seconds` from the start until an instant, without the spans it stood still."""
    wall, working = until - promise.start_at, calendar.between(promise.start_at, until)
    for begun, ended in stood:
        begun, ended = max(begun, promise.start_at), min(ended, until)
        if begun < ended:
            wall -= ended - begun
            working -= calendar.between(begun, ended)
    return {"seconds": max(0, seconds_of(wall)), "working_seconds": max(0, seconds_of(working))}


def seconds_of(span: timedelta) -> int:
    """Whole seconds."""
    return span // timedelta(seconds=1)
