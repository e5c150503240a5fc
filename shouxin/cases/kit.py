"""The way into a case for the rooms above: whatever else they need of this room's actions is imported from here.

    with working_on(case, by=staff, at=at, needs=DECIDE) as work:
        work.record(ComplaintDecided, outcome="upheld", content={"reasons": "…"})
        work.reply(body, files=files)
        work.keep(Act.FINAL_LETTER)

It locks in the one order (work item, case, then what hangs on the case, promises, people; by ascending id within a
kind), checks right and service, and at the end lets due instant and queue follow. Files and PDFs are made before it:
nothing slow happens while others wait for the case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from shouxin.cases.actions import link, note, open_case, receive, reply, tell, unlink
from shouxin.cases.actions.announcing import announce
from shouxin.cases.actions.attaching import erase_files, note_damage
from shouxin.cases.actions.cataloguing import change_service, edition, said, write_template
from shouxin.cases.actions.conversation import answered
from shouxin.cases.actions.excluding import keep_out
from shouxin.cases.actions.letters import queue_letter
from shouxin.cases.actions.moving import about, known_touch, locked, locked_all, require_service, seconds_between
from shouxin.cases.actions.promising import (
    borne_by,
    calendar_key_of,
    days_between,
    follow,
    keep_by,
    promise_dims,
    rules_for,
)  # fmt: skip
from shouxin.cases.models import Case, Touch
from shouxin.cases.rules import Answer
from shouxin.core.clock import now
from shouxin.core.rights import Right, require
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.rule import Rule
from shouxin.people.models import Staff
from shouxin.promises import actions as promises
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.terms import acts_of
from shouxin.record.facts import Fact
from shouxin.record.recording import record

__all__ = [
    "Work", "about", "borne_by", "calendar_key_of", "change_service", "days_between", "edition", "erase_files", "link",
    "locked_all", "note", "note_damage", "open_case", "promise_dims", "queue_letter", "receive", "reply", "rules_for",
    "said", "seconds_between", "tell", "unlink", "working_on", "working_on_all", "write_template",
]  # fmt: skip


@dataclass
class Work:
    """A locked case, who acts on it (None: the house itself) and when."""

    case: Case
    by: Staff | None
    at: datetime

    def check(self, needs: Right | None = None, *, serves: bool = True) -> None:
        """Go on only for the house itself, or for who holds the right and serves the case."""
        if self.by is not None:
            require(needs is None or self.by.has(needs))
            if serves:
                require_service(self.by, self.case, self.at)

    @property
    def since_opening(self) -> int:
        """Seconds from the opening of the case until now."""
        return seconds_between(self.case.opened_at, self.at)

    def record(self, kind: type[Fact], *, content: dict[str, Any] | None = None, **said: Any) -> int:
        """Record a fact about the case; `said` are its own fields and what differs from the case's dimensions."""
        fact = kind(**{**about(self.case, self.by), **said})
        return record(fact, at=self.at, content=content, source=self.case.source)[0]

    def reply(self, body: str, **how: Any) -> Touch:
        """Answer the customer; `how` are the fields of `rules.Answer`."""
        answer = Answer(**how, at=self.at)
        known = known_touch(answer.key, self.case, answer.digest(body))
        return known or answered(self.case, by=self.by, body=body, answer=answer)

    def keep(self, *acts: Act, fact: int | None = None, spoken: bool = False) -> None:
        """Whatever the case owes that one of these acts keeps is kept by what is done here, of which `fact` tells.

        `spoken`: it was said by word of mouth, which keeps nothing that must be in writing.
        """
        keep_by(self.case, *acts, at=self.at, by=self.by, fact=fact, spoken=spoken)

    def withdraw(self, act: Act, *, reason: str) -> None:
        """What only this act would keep is owed no longer; what fell due before stays broken."""
        for promise in Promise.objects.about(self.case.ref).owed().order_by("pk"):
            if acts_of(promise) == (act,):
                promises.withdraw(promise, at=self.at, reason=reason, by=self.by.ref if self.by else None)

    def announce(self, event: str, *, fact: int | None = None, bearer: Staff | None = None) -> None:
        """Something happened: end what it ends and begin what begins with it, for which `bearer` answers."""
        announce(self.case, event, at=self.at, by=self.by, fact=fact, bearer=bearer)

    def keep_out(self, *staff: Staff) -> None:
        """The case is about these people: they neither read nor serve it, and who is its officer loses it."""
        keep_out(self.case, staff, by=self.by, at=self.at)

    def promise(self, what: Rule | Given, *, start_at: datetime | None = None, begun_by: str = "") -> Promise:
        """A promise that begins now, or began at `start_at` with the event `begun_by`."""
        return promises.make(
            what, subject=self.case.ref, start_at=start_at or self.at, begun_by=begun_by,
            calendar_key=calendar_key_of(self.case), by=self.by.ref if self.by else None, person=self.case.person,
            dims=promise_dims(self.case), source=self.case.source,
        )  # fmt: skip


@contextmanager
def working_on(
    case: Case | int, *, by: Staff | None, at: datetime | None = None, needs: Right | None = None, serves: bool = True
) -> Iterator[Work]:
    """Act on a case, or on the one with this id, in one transaction.

    `needs` is a right that `by` must hold besides serving the case; `serves=False` for those who act in it without
    being its officer. `by` None: the house itself, as a subscriber does.
    """
    with transaction.atomic():
        work = Work(locked(case), by, at or now())
        work.check(needs, serves=serves)
        yield work
        follow(work.case)


@contextmanager
def working_on_all(*cases: Case, by: Staff | None, at: datetime | None = None) -> Iterator[list[Work]]:
    """As `working_on` for several cases at once, which are given by ascending id; who acts calls `check`."""
    with transaction.atomic():
        at = at or now()
        works = [Work(case, by, at) for case in locked_all(cases)]
        yield works
        for work in works:
            follow(work.case)
