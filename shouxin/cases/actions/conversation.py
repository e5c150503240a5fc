"""What is said in a case: to us, by us, among ourselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shouxin.cases.actions.moving import (
    about,
    add_words,
    known_touch,
    locked,
    move,
    require_service,
    require_sight,
    seconds_between,
)
from shouxin.cases.actions.queueing import enqueue
from shouxin.cases.facts import CaseReopened, NoteWritten, ReplySent, TouchReceived
from shouxin.cases.models import Case, Direction, Draft, State, Touch
from shouxin.cases.rules import Answer, Move
from shouxin.core.clock import now
from shouxin.people.models import Staff
from shouxin.record.facts import Fact
from shouxin.record.recording import record


@transaction.atomic
def receive(
    case: Case, *, body: str, channel: str, by: Staff | None = None, at: datetime | None = None, key: UUID | None = None
) -> Touch:
    """The customer says more; a closed case opens again. `by` is who took it down, None: the customer wrote it."""
    if (known := known_touch(key)) is not None:
        return known
    at, case = at or now(), locked(case)
    said = {**about(case, by), "actor": by.ref if by else case.person}
    facts: list[Fact] = [TouchReceived(**{**said, "channel": channel})]
    changed: dict[str, Any] = {}
    if was_closed := case.state == State.CLOSED:
        facts.append(CaseReopened(**said, by_customer=True, seconds=seconds_between(case.closed_at, at)))
        changed = {"closed_at": None, "closing_reason": "", "reopen_count": case.reopen_count + 1}
    ids = record(*facts, at=at, content={"body": body}, source=case.source)
    move(case, Move.RECEIVED, touched_at=at, touch_count=F("touch_count") + 1, **changed)
    if was_closed:
        enqueue(case, at=at)
    add_words(case, body)
    touch = Touch(case=case, direction=Direction.INBOUND, channel=channel, at=at, by=by, fact=ids[0], key=key)
    touch.save(force_insert=True)
    return touch


@transaction.atomic
def reply(case: Case, *, by: Staff, body: str, **how: Any) -> Touch:
    """Answer the customer; the keywords are the fields of `rules.Answer`. Who answers a waiting case serves it now."""
    answer = Answer(**how)
    if (known := known_touch(answer.key)) is not None:
        return known
    at, case = answer.at or now(), locked(case)
    require_service(by, case, at)
    is_first = case.first_replied_at is None
    fact = ReplySent(
        **{**about(case, by), "channel": answer.channel or case.channel},
        first=is_first,
        seconds=seconds_between(case.opened_at, at) if is_first else None,
    )
    ids = record(fact, at=at, content={"body": body}, source=case.source)
    changed = {"first_replied_at": at} if is_first else {}
    move(case, Move.REPLIED, touched_at=at, touch_count=F("touch_count") + 1, **changed)
    add_words(case, body)
    Draft.objects.filter(case=case, staff=by, kind="reply").delete()
    touch = Touch(
        case=case, direction=Direction.OUTBOUND, channel=fact.channel, at=at, by=by, fact=ids[0], key=answer.key
    )
    touch.save(force_insert=True)
    return touch


@transaction.atomic
def note(case: Case, *, by: Staff, body: str, at: datetime | None = None, key: UUID | None = None) -> Touch:
    """Write down something among ourselves; the customer never sees it."""
    if (known := known_touch(key)) is not None:
        return known
    at, case = at or now(), locked(case)
    require_sight(by, case)
    ids = record(NoteWritten(**about(case, by)), at=at, content={"body": body}, source=case.source)
    move(case, Move.NOTED, touched_at=at, touch_count=F("touch_count") + 1)
    add_words(case, body)
    Draft.objects.filter(case=case, staff=by, kind="note").delete()
    touch = Touch(case=case, direction=Direction.INTERNAL, channel="", at=at, by=by, fact=ids[0], key=key)
    touch.save(force_insert=True)
    return touch


def save_draft(case: Case, *, by: Staff, body: str, kind: str = "reply", at: datetime | None = None) -> Draft:
    """Keep what was begun, unsent; the last word of one person in one case."""
    draft, _made = Draft.objects.update_or_create(
        case=case, staff=by, kind=kind, defaults={"body": body, "saved_at": at or now()}
    )
    return draft


def discard_draft(case: Case, *, by: Staff, kind: str = "reply") -> None:
    """Throw the draft away."""
    Draft.objects.filter(case=case, staff=by, kind=kind).delete()
