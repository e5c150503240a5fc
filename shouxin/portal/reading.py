"""What the customer's page shows: the clock that matters, the way so far, what was promised, the conversation."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from shouxin.cases.checking import to_check
from shouxin.cases.models import Attachment, Case, Paper, State
from shouxin.cases.queries import Said, conversation
from shouxin.cases.story import answer_clock
from shouxin.complaints.actions import is_dispute
from shouxin.complaints.letters.composing import next_step
from shouxin.complaints.models import FinalLetter
from shouxin.core.audience import Audience
from shouxin.portal.promised import Late, in_words, lateness
from shouxin.portal.queries import Step
from shouxin.promises.clocks import Clock
from shouxin.promises.queries import clocks_about
from shouxin.record.queries import Entry, timeline


@dataclass(frozen=True)
class Seen:
    """Everything one page of a case needs."""

    clocks: list[Clock]
    main: Clock | None  # the promise of the answer: what the customer waits for in the end
    steps: list[Step]
    missing: list[Paper]
    to_check: list[Attachment] = field(default_factory=list)  # came since we asked, not looked at yet
    said: list[Said] = field(default_factory=list)
    letters: list[FinalLetter] = field(default_factory=list)
    is_answered: bool = False
    late: Late | None = None
    next_step: dict[str, str] | None = None  # what he can do who does not agree with our final answer, and until when


def seen_by_customer(case: Case, at: datetime, *, with_words: bool) -> Seen:
    """The case as its customer may see it; the words only once the link is unlocked."""
    entries = timeline(case.ref, Audience.CUSTOMER, limit=200)
    words = _words_of_release(entries) if with_words else {}
    clocks = [
        in_words(clock, words.get(clock.promise, ""))
        for clock in clocks_about(case.ref, at=at, audience=Audience.CUSTOMER)
    ]
    main = answer_clock(case, clocks)
    letters = list(FinalLetter.objects.filter(complaint__case=case).exclude(file=""))
    return Seen(
        clocks=clocks,
        main=main,
        late=lateness(case, main, clocks, at=at),
        steps=_steps(case, entries),
        missing=[each for each in case.papers.all() if each.is_missing and each.asked_at] if case.is_open else [],
        to_check=to_check(case),
        said=[said for said in conversation(case, Audience.CUSTOMER) if not said.is_erased] if with_words else [],
        letters=letters if with_words else [],
        next_step=next_step(case, letters[0].sent_at if letters else None) if is_dispute(case) else None,
        is_answered=bool(letters),
    )


def _words_of_release(entries: list[Entry]) -> dict[int, str]:
    """With which words the customer released us from each promise, by its number."""
    return {each.promise: each.content.get("words", "") for each in entries if each.kind == "PromiseWithdrawn"}


def _steps(case: Case, entries: list[Entry]) -> list[Step]:
    """Received → somebody serves it → (papers) → answered → closed, with what really happened."""
    first: dict[str, Entry] = {}
    for entry in reversed(entries):
        first.setdefault(entry.kind, entry)
    steps = [Step(_("We received it"), "", "done", case.opened_at)]
    # In the order in which they belong, where they stand at one minute.
    for kind, title in (
        ("ComplaintAcknowledged", _("We acknowledged your complaint")),
        ("ReplySent", _("We first replied to you")),
        ("FindingsSigned", _("Someone independent has investigated")),
        ("FinalLetterSent", _("Our written response is ready; you can read it below")),
    ):
        if found := first.get(kind):
            steps.append(Step(title, "", "done", found.happened_at))
    steps.sort(key=lambda step: step.at.replace(second=0, microsecond=0))
    awaits_letter = is_dispute(case) and "FinalLetterSent" not in first
    return steps + _now_and_next(case, awaits_letter=awaits_letter)


def _now_and_next(case: Case, *, awaits_letter: bool) -> list[Step]:
    officer = case.officer.name if case.officer_id else ""
    if case.state == State.CLOSED:
        return [
            Step(
                _("Closed"),
                _("If anything is unresolved, write below: we read it and reply to you."),
                "done",
                case.closed_at,
            )
        ]
    if case.state == State.WAITING:
        return [Step(_("Now: we are waiting for your documents"), _("What is missing is listed below."), "now")]
    if not officer:
        return [
            Step(_("Now: waiting for the next available officer"), "", "now"),
            Step(_("Next: someone takes up your case and replies"), "", "next"),
        ]
    if case.state == State.ANSWERED and awaits_letter:
        return [
            Step(_("Now: %(name)s is investigating your complaint") % {"name": officer}, "", "now"),
            Step(_("Next: our written decision, with its reasons"), "", "next"),
        ]
    if case.state == State.ANSWERED:
        return [
            Step(
                _("Now: we have replied to you"),
                _("%(name)s remains responsible for your case.") % {"name": officer},
                "now",
            ),
            Step(_("Next: the case is closed once nothing is outstanding"), "", "next"),
        ]
    return [
        Step(_("Now: %(name)s is working on it") % {"name": officer}, "", "now"),
        Step(_("Next: we reply to you"), "", "next"),
    ]
