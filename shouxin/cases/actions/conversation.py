"""What is said in a case: to us, by us, among ourselves."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shouxin.cases import queries
from shouxin.cases.actions.attaching import attach_all
from shouxin.cases.actions.letters import queue_letter
from shouxin.cases.actions.mentioning import tell_mentioned
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
from shouxin.cases.actions.pausing import give_word
from shouxin.cases.actions.promising import begin_anew, follow, keep_by_answer, working_seconds
from shouxin.cases.actions.queueing import enqueue, work_done
from shouxin.cases.channels import is_spoken
from shouxin.cases.checking import have_all_come
from shouxin.cases.facts import CallMissed, NoAnswerNeeded, NoteWritten, ReplySent, TouchReceived
from shouxin.cases.models import Attachment, Case, Direction, Draft, Touch
from shouxin.cases.rules import REOPENED, WAITING_FOR_CUSTOMER, WAITING_FOR_PAPERS, Answer, Move
from shouxin.core.clock import now
from shouxin.core.files import Stored
from shouxin.core.guards import Refused
from shouxin.core.links import link_for
from shouxin.core.refs import Ref
from shouxin.core.submissions import digest_of
from shouxin.jurisdictions.acts import Act
from shouxin.people.models import Staff
from shouxin.people.notices import settle
from shouxin.promises.actions import resume_about
from shouxin.promises.given import Given
from shouxin.record.recording import record

Acts = tuple[Act, ...]
ONE_MORE = F("touch_count") + 1


@transaction.atomic
def receive(
    case: Case, *, body: str, channel: str, by: Staff | None = None, at: datetime | None = None, **extra: Any
) -> Touch:
    """The customer says more. `by` is who took it down, None: the customer wrote it.

    A closed case stays closed: an officer answers, opens it again with a reason, or notes that no answer is needed.

    `extra`: `key`, the same key again is the same touch; `files`, what came with it; `given`, what staff promised then.
    """
    key, files, given = extra.pop("key", None), tuple(extra.pop("files", ())), extra.pop("given", None)
    if extra:
        raise TypeError(f"receive() knows no {', '.join(extra)}")
    at, case = at or now(), locked(case)
    digest = digest_of("received", body, channel, by.pk if by else None, [each.checksum for each in files])
    if (known := known_touch(key, case, digest)) is not None:
        return known
    said, is_closed = {**about(case, by), "actor": by.ref if by else case.person}, not case.is_open
    fact = TouchReceived(**{**said, "channel": channel}, files=len(files), after_closing=is_closed)
    ids = record(fact, at=at, content={"body": body}, source=case.source)
    waits = {"wrote_at": case.wrote_at or at} if is_closed else {}
    move(case, Move.RECEIVED, touched_at=at, touch_count=ONE_MORE, **waits)
    if is_closed:
        to_its_officer(case, at=at)
    else:
        _run_on(case, files=len(files), at=at, by=said["actor"])
    touch = Touch(direction=Direction.INBOUND, channel=channel, at=at, by=by, fact=ids[0], key=key)
    touch.digest = digest
    _touch(case, touch, body, files)
    if given:
        require_service(by, case, at)
        if is_closed:
            raise Refused(_("This case is closed. Reopen it before you promise something."))
        give_word(case, given, by=by, at=at)
        follow(case)
    return touch


def _run_on(case: Case, *, files: int, at: datetime, by: Ref | None) -> None:
    """What the clocks stood still for has come: the customer's answer, or a file for each document we asked for.

    With fewer files only an officer knows whether everything is there: until they look the clocks stand still.
    """
    reasons = [WAITING_FOR_CUSTOMER]
    if have_all_come(case, files=files):
        reasons += [WAITING_FOR_PAPERS, queries.PAPERS_NOTICE]
    if [each for reason in reasons for each in resume_about(case.ref, at=at, reason=reason, by=by)]:
        follow(case)


def to_its_officer(case: Case, *, at: datetime) -> None:
    """Something is to be done here again: by its officer, or by whoever is free where that officer can't."""
    if case.officer_id and (not case.officer.is_active or case.keeps_out(case.officer)):
        case.officer = None
        case.save(update_fields=["officer"])
    enqueue(case, at=at)


def back_to_work(case: Case, *, at: datetime, by: Staff | None, since: datetime | None = None) -> None:
    """A case that opens again is promised an answer again and waits for its officer.

    `since` is when the customer wrote: from then on it is owed, however late somebody opened the case again.
    """
    begin_anew(case, events=REOPENED, at=since or at, by=by)
    follow(case)
    to_its_officer(case, at=at)


@transaction.atomic
def no_answer_needed(case: Case, *, by: Staff, at: datetime | None = None) -> Case:
    """What the customer wrote after the closing asks for nothing: the case stays as it ended. Twice is once."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    if case.wrote_at is not None:
        record(NoAnswerNeeded(**about(case, by)), at=at, source=case.source)
        _seen_to(case, at=at)
    return case


def _seen_to(case: Case, *, at: datetime) -> None:
    settle(link_for(case.ref), at=at)
    case.wrote_at = None
    case.save(update_fields=["wrote_at"])
    work_done(case.ref)


@transaction.atomic
def reply(case: Case, *, by: Staff, body: str, **how: Any) -> Touch:
    """Answer the customer; the keywords are the fields of `rules.Answer`. Keeps the promise of a first answer."""
    answer = Answer(**how)
    at, case = answer.at or now(), locked(case)
    if (known := known_touch(answer.key, case, answer.digest(body))) is not None:
        return known
    require_service(by, case, at)
    return answered(case, by=by, body=body, answer=replace(answer, at=at))


def answered(case: Case, *, by: Staff, body: str, answer: Answer, what: Move = Move.REPLIED, acts: Acts = ()) -> Touch:
    """The answer itself, for a locked case of which we know that `by` may. `acts`: what it is besides a reply."""
    at, is_first = answer.at, case.first_replied_at is None
    if answer.given and not case.is_open:
        raise Refused(_("This case is closed. Reopen it before you promise something."))
    channel = answer.channel or queries.answer_channel(case)
    fact = ReplySent(
        **about(case, by) | {"channel": channel}, first=is_first, files=len(answer.files),
        seconds=seconds_between(case.opened_at, at) if is_first else None,
        working_seconds=working_seconds(case, case.opened_at, at) if is_first else None,
    )  # fmt: skip
    ids = record(fact, at=at, content={"body": body}, source=case.source)
    move(case, what, touched_at=at, touch_count=ONE_MORE, **({"first_replied_at": at} if is_first else {}))
    touch = Touch(direction=Direction.OUTBOUND, channel=channel, at=at, by=by, fact=ids[0], key=answer.key)
    touch.digest = answer.digest(body)
    files = _touch(case, touch, body, answer.files)
    queue_letter(case, touch=touch, channel=channel, title=answer.title, attachments=files, at=at)
    if not case.is_open:
        _seen_to(case, at=at)
        return touch
    acts = (*acts, Act.CALL_REACHED) if is_spoken(answer.channel) else acts
    keep_by_answer(case, answer, *acts, by=by, fact=ids[0], is_first=is_first)
    if answer.given:
        give_word(case, answer.given, by=by, at=at)
    follow(case)
    return touch


@transaction.atomic
def call_missed(
    case: Case, *, by: Staff, body: str, at: datetime | None = None, key: UUID | None = None,
    files: tuple[Stored, ...] = (), given: Given | None = None,
) -> Touch:  # fmt: skip
    """We called and reached nobody. It keeps nothing and is no reply; `given` is our word to try again."""
    at, case = at or now(), locked(case)
    digest = digest_of("missed", body, by.pk, given, [each.checksum for each in files])
    if (known := known_touch(key, case, digest)) is not None:
        return known
    require_service(by, case, at)
    if given and not case.is_open:
        raise Refused(_("This case is closed. Reopen it before you promise something."))
    fact = CallMissed(**about(case, by) | {"channel": "phone"}, files=len(files))
    ids = record(fact, at=at, content={"body": body}, source=case.source)
    move(case, Move.NOTED, touched_at=at, touch_count=ONE_MORE)
    touch = Touch(direction=Direction.INTERNAL, channel="phone", at=at, by=by, fact=ids[0], key=key)
    touch.digest = digest
    _touch(case, touch, body, files)
    if given:
        give_word(case, given, by=by, at=at)
        follow(case)
    return touch


@transaction.atomic
def note(
    case: Case, *, by: Staff, body: str, at: datetime | None = None, key: UUID | None = None,
    files: tuple[Stored, ...] = (),
) -> Touch:  # fmt: skip
    """Write down something among ourselves, perhaps with files; the customer never sees it."""
    at, case = at or now(), locked(case)
    digest = digest_of("note", body, by.pk, *[each.checksum for each in files])
    if (known := known_touch(key, case, digest)) is not None:
        return known
    require_sight(by, case)
    ids = record(NoteWritten(**about(case, by)), at=at, content={"body": body}, source=case.source)
    tell_mentioned(case, body, by=by, fact=ids[0], at=at)
    move(case, Move.NOTED, touched_at=at, touch_count=ONE_MORE)
    touch = Touch(direction=Direction.INTERNAL, channel="", at=at, by=by, fact=ids[0], key=key, digest=digest)
    _touch(case, touch, body, files)
    return touch


def _touch(case: Case, touch: Touch, body: str, files: tuple[Stored, ...]) -> list[Attachment]:
    """Save the touch with its files, which are returned, and let the case be found by its words.

    Whatever its writer had begun in this case is this: no draft of another kind may come back and be sent.
    """
    touch.case = case
    touch.save(force_insert=True)
    attached = attach_all(touch, files, by=touch.by) if files or touch.by_id else []
    if touch.by_id:
        discard_draft(case, by=touch.by)
    add_words(case, body)
    return attached


def save_draft(case: Case, *, by: Staff, body: str, kind: str = "reply", at: datetime | None = None) -> Draft:
    """Keep what was begun, unsent: one text of one person in one case, of the kind that was chosen last."""
    require_sight(by, case)
    Draft.objects.filter(case=case, staff=by).exclude(kind=kind).delete()
    draft, _made = Draft.objects.update_or_create(
        case=case, staff=by, kind=kind, defaults={"body": body, "saved_at": at or now()}
    )
    return draft


def discard_draft(case: Case, *, by: Staff) -> None:
    """Throw away what this person had begun; a draft of somebody else stays theirs."""
    Draft.objects.filter(case=case, staff=by).delete()
