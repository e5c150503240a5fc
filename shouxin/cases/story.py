"""What happened in a case, told once: every contact with its words, every fact between them, day by day."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from shouxin.cases import queries
from shouxin.cases.channels import label_of
from shouxin.cases.models import Attachment, Case, Direction, Letter, Touch
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of
from shouxin.core.drawers import Drawing, draw
from shouxin.core.refs import Ref
from shouxin.people.models import Staff
from shouxin.people.sight import seen_by
from shouxin.promises.choosing import REPORTS
from shouxin.promises.clocks import Clock
from shouxin.record.queries import Entry, timeline

# Facts that are shown as a contact, with the words that were said.
WORDS = {"TouchReceived", "ReplySent", "NoteWritten", "CallMissed"}
AT_ONCE, ALL = 120, 5000
SIDES = {Direction.INBOUND: "customer", Direction.OUTBOUND: "ours", Direction.INTERNAL: "note"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the story. `side` is customer, ours or note for a contact, else fact, kept or broken."""

    id: int
    at: datetime
    side: str
    who: str = ""
    how: str = ""
    body: str = ""
    is_erased: bool = False
    files: tuple[Attachment, ...] = ()
    letters: tuple[Letter, ...] = ()
    drawing: Drawing | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class StoryDay:
    day: date
    lines: list[Told]


@dataclass(frozen=True)
class Story:
    days: list[StoryDay] = field(default_factory=list)
    has_earlier: bool = False


def story(case: Case, viewer: Staff, *, is_all: bool = False, is_known: bool = False) -> Story:
    """The story from its beginning, or only its last part when it is long; without other cases the viewer can't see.

    `is_known`: the customer is not masked from this viewer.
    """
    case.speaker = case.asker_in_full if is_known else case.asker
    limit = ALL if is_all else AT_ONCE
    read = timeline(case.ref, Audience.STAFF, limit=limit)
    others = {entry.id: Ref.parse(entry.data["other"]) for entry in read if entry.data.get("other")}
    seen = seen_by(viewer, others.values()) if others else set()
    entries = [entry for entry in read if entry.id not in others or others[entry.id] in seen]
    touches = _touches(case, [entry.id for entry in entries if entry.kind in WORDS])
    # What is promised at the instant of the opening follows from it.
    in_order = sorted(entries, key=lambda entry: (entry.happened_at, entry.kind != "CaseOpened", entry.id))
    told = [line for entry in in_order if (line := _told(case, entry, touches.get(entry.id)))]
    days = [StoryDay(day, list(lines)) for day, lines in groupby(told, key=lambda line: day_of(line.at))]
    return Story(days, has_earlier=len(read) == limit)


def _touches(case: Case, facts: list[int]) -> dict[int, Touch]:
    """The contacts of these facts, with the `files` that are left and the letters `sent` of each."""
    found = {touch.pk: touch for touch in queries.touches_of(case=case.pk, facts=facts)}
    for touch in found.values():
        touch.case, touch.files, touch.sent = case, [], []
    for name, each in (
        *(("files", file) for file in queries.files_of(touches=list(found))),
        *(("sent", letter) for letter in queries.letters_of(touches=list(found))),
    ):
        getattr(found[each.touch_id], name).append(each)
    return {touch.fact: touch for touch in found.values()}


def _told(case: Case, entry: Entry, touch: Touch | None) -> Told | None:
    late = entry.recorded_at if entry.has_two_times else None
    if entry.kind in WORDS and touch is not None:
        return Told(**_contact(case, entry, touch), id=entry.id, at=entry.happened_at, recorded_at=late)
    drawing = draw(entry)
    if drawing is None:
        return None
    side = {"kept": "kept", "overdue": "broken"}.get(drawing.tone, "fact")
    return Told(id=entry.id, at=entry.happened_at, side=side, drawing=drawing, recorded_at=late)


def _contact(case: Case, entry: Entry, touch: Touch) -> dict[str, Any]:
    return {
        "side": SIDES[Direction(touch.direction)],
        "who": _speaker(case, touch), "how": _how(touch),
        "body": entry.content.get("body", ""), "is_erased": entry.is_erased,
        "files": tuple(touch.files), "letters": tuple(touch.sent),
    }  # fmt: skip


def _speaker(case: Case, touch: Touch) -> str:
    if touch.direction != Direction.INBOUND and touch.by:
        return touch.by.name
    return case.speaker or _("The customer")


def _how(touch: Touch) -> str:
    if touch.direction == Direction.INTERNAL and touch.channel:
        return _("%(channel)s, not reached; the customer does not see it") % {"channel": label_of(touch.channel)}
    if touch.direction == Direction.INTERNAL:
        return _("Internal note; the customer does not see it")
    if by := touch.taken_down_by:
        return _("%(channel)s, written down by %(name)s") % {"channel": label_of(touch.channel), "name": by.name}
    return label_of(touch.channel)


def answer_clock(case: Case, clocks: list[Clock]) -> Clock | None:
    """The promise the customer waits for: the answer to what they asked, not a receipt or a report on the way.

    Of what is owed about the subjects of the service the last to fall due; where there is none, the last of all.
    """
    owed = [clock for clock in clocks if clock.reading.promise.is_owed]
    meant = [clock for clock in owed if _is_answer(clock.reading.promise.terms, case)]
    return max(meant or owed, key=lambda clock: (clock.due_at, clock.promise), default=None)


def _is_answer(terms: dict[str, Any], case: Case) -> bool:
    return terms.get("subject") in case.service.promise_subjects and terms.get("start") not in REPORTS


def template_values(case: Case, staff: Staff, *, company: str, due: str) -> dict[str, str]:
    """What the placeholders of reply templates stand for."""
    return {
        "customer": case.customer.name if case.customer_id else case.claimed_name, "number": case.number,
        "officer": staff.name, "company": company, "service": case.service.label, "due": due,
    }  # fmt: skip
