"""What may happen to a case, said once: the table of moves, who may do what, and how the queue is sorted. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.cases.models import FAR, Case, Paper, Priority, Service, State
from shouxin.cases.rights import BRANCH_POSTS, DIRECT, LINK_CUSTOMER, SEE, SERVE, SETTINGS
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.submissions import digest_of
from shouxin.customers.models import Customer
from shouxin.jurisdictions.acts import Act, may_be_spoken
from shouxin.people.mailing import sender
from shouxin.people.models import Branch, Staff
from shouxin.people.queries import house_source
from shouxin.policies.models import Policy
from shouxin.promises.given import Given

__all__ = ["DIRECT", "LINK_CUSTOMER", "SEE", "SERVE", "SETTINGS"]


class Move(StrEnum):
    """What moves a case from one state to another."""

    TAKEN = "taken"
    RECEIVED = "received"
    REPLIED = "replied"
    NOTED = "noted"
    PAPERS_REQUESTED = "papers_requested"
    PAPERS_COMPLETE = "papers_complete"
    CLOSED = "closed"
    REOPENED = "reopened"


N, O, W, A, C = State.NEW, State.OPEN, State.WAITING, State.ANSWERED, State.CLOSED  # noqa: E741 - a table
# The state machine. What is not in the table is refused. The database holds the same pairs in a trigger.
MOVES: dict[Move, dict[State, State]] = {
    Move.TAKEN: {N: O, O: O, W: W, A: A},
    Move.RECEIVED: {N: N, O: O, W: O, A: O, C: C},
    Move.REPLIED: {N: A, O: A, W: W, A: A, C: C},
    Move.NOTED: {N: N, O: O, W: W, A: A, C: C},
    Move.PAPERS_REQUESTED: {N: W, O: W, W: W, A: W},
    Move.PAPERS_COMPLETE: {N: N, O: O, W: O, A: O},
    Move.CLOSED: {N: C, O: C, W: C, A: C},
    Move.REOPENED: {C: O},
}
TRANSITIONS = frozenset((old, new) for moves in MOVES.values() for old, new in moves.items() if old != new)


def next_state(state: str, move: Move) -> State:
    """Where this move leads, or Refused with what to do instead."""
    if (found := MOVES[move].get(State(state))) is None:
        if state == State.CLOSED:
            raise Refused(_("This case is closed. Reopen it first."))
        raise Refused(_("This case is not closed."))
    return found


class ClosingReason(models.TextChoices):
    ANSWERED = "answered", gettext_lazy("Answered")
    GRANTED = "granted", gettext_lazy("Done as asked")
    PARTLY = "partly", gettext_lazy("Done in part")
    DECLINED = "declined", gettext_lazy("Declined with reasons")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn by the customer")
    NO_REPLY = "no_reply", gettext_lazy("No further reply from the customer")
    DUPLICATE = "duplicate", gettext_lazy("The same request as another case")
    NOT_OURS = "not_ours", gettext_lazy("Not a matter for us; referred or explained")


# Why a clock stands still while papers are missing, as the rules of the packs call it.
WAITING_FOR_PAPERS = "waiting_for_papers"
PAPERS_COMPLETE = "papers_complete"
# What the second beginning of a case is, for the rules.
REOPENED = ("request_received", "case_reopened")
# Closed for these reasons the matter itself is over, and with it what was promised. For every other reason whatever is
# still owed must be settled one by one: closing a case keeps no promise.
MATTER_ENDED = frozenset({ClosingReason.WITHDRAWN, ClosingReason.DUPLICATE, ClosingReason.NOT_OURS})
# Why a promise is no longer owed, besides those.
RELEASED, CASE_CLOSED = "released", "case_closed"
WAITING_FOR_CUSTOMER = "waiting_for_customer"
# What every answer is; and the acts an officer says that an answer is.
EVERY_REPLY = (Act.REPLY, Act.ACKNOWLEDGEMENT)
NAMEABLE = (Act.ANSWER, Act.DECISION, Act.DECISION_TOLD, Act.PAYMENT, Act.NOTICE, Act.DONE, Act.NAMED)


@dataclass(frozen=True)
class Closing:
    """The intention to close a case: rooms above may refuse."""

    case: Ref


@dataclass(frozen=True)
class Keeping:
    """The intention to say that a plain reply keeps a promise by this act: rooms above may refuse."""

    case: Ref
    act: Act
    kept_by: tuple[Act, ...]


def nameable_acts(
    kept_by: tuple[Act, ...], *, is_spoken: bool = False, form: str = "", new_date: bool = False
) -> list[Act]:
    """As which acts a reply may be named, or what was said to the customer by word of mouth.

    What the rule wants in writing (`form`) nothing spoken keeps. A holding letter promises a `new_date`.
    """
    if new_date and not is_spoken and Act.HOLDING_LETTER in kept_by:
        return [Act.HOLDING_LETTER]
    known = (*NAMEABLE, Act.CALL_REACHED) if is_spoken else NAMEABLE
    return [act for act in kept_by if act in known and (not is_spoken or may_be_spoken(act, form))]


def named_act(kept_by: tuple[Act, ...], *, is_spoken: bool = False, form: str = "") -> Act | None:
    """The first of them; None: it can't be named as any."""
    return next(iter(nameable_acts(kept_by, is_spoken=is_spoken, form=form)), None)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of a promise when its case closes: done by a contact of the case, or the customer released us.

    `touch` is the reply or call by which it was done, `at` when (not before it); released: `words` are the customer's.
    """

    promise: int
    touch: int | None = None
    words: str = ""
    at: datetime | None = None


class StillOwed(Refused):
    """The case can't be closed: something is owed. `titles` says what."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        super().__init__(
            _("Still owed: %(titles)s. For each, say by what it was done or that the customer released us.")
            % {"titles": _(", ").join(titles)}
        )


@dataclass(frozen=True)
class Claimant:
    """Who says to be asking, unverified."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A request as it comes in, by whatever way. The same key again is the same request."""

    service: Service
    channel: str
    subject: str
    body: str
    branch: Branch
    customer: Customer | None = None
    claimant: Claimant = Claimant()
    policy: Policy | None = None
    priority: int | None = None
    language: str = "zh-hant"
    key: UUID = field(default_factory=uuid4)
    files: tuple = ()
    source: str = field(default_factory=house_source)
    browser: str = ""  # which browser sent it; another one with the same key is not answered
    note: str = ""  # what staff note at the same time, for colleagues alone

    @property
    def digest(self) -> str:
        """What the key stands for."""
        about = [each.pk if each else None for each in (self.service, self.branch, self.customer, self.policy)]
        files = [each.checksum for each in self.files]
        said = (self.channel, self.subject, self.body, self.priority, *vars(self.claimant).values())
        said += (self.note,) if self.note else ()
        return digest_of("case", about, said, files, self.browser)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How an answer goes out.

    `keeps` are the promises the officer says it keeps, besides those that every answer keeps; `reports`: it says how
    things stand; `given` is what is promised anew. A spoken `channel` is a call that reached the customer, or a talk
    face to face.
    """

    channel: str = ""
    title: str = ""
    keeps: tuple[int, ...] = ()
    reports: bool = False
    given: Given | None = None
    files: tuple = ()
    key: UUID | None = None
    at: datetime | None = None

    def digest(self, body: str) -> str:
        """What the key stands for, with these words."""
        files = [each.checksum for each in self.files]
        return digest_of("reply", body, self.channel, self.title, self.keeps, self.reports, self.given, files)


HEAD_START = {
    Priority.URGENT: timedelta(days=5),
    Priority.HIGH: timedelta(days=1),
    Priority.NORMAL: timedelta(),
    Priority.LOW: timedelta(days=-2),
}
USUALLY_WITHIN = timedelta(days=3)


def wanted_at(due_at: datetime | None, priority: int, made_at: datetime) -> datetime:
    """What the queue is sorted by: the due instant, with a head start for the urgent. Nobody waits for ever."""
    return (due_at or min(made_at, FAR) + USUALLY_WITHIN) - HEAD_START[Priority(priority)]


def leads(staff: Staff, case: Case) -> bool:
    """Whether this is a team leader of the case's team or branch."""
    return staff.has(DIRECT) and staff.team_id is not None and (
        case.team_id == staff.team_id or (case.team_id is None and case.branch_id == staff.team.branch_id)
    )  # fmt: skip


def may_see(staff: Staff, case: Case) -> bool:
    """The same as `queries.visible_to`, for one case at hand."""
    if not staff.has(SEE) or case.keeps_out(staff):
        return False
    if staff.post not in BRANCH_POSTS or staff.is_function("compliance"):
        return True
    return case.officer_id == staff.pk or bool(
        staff.team_id and (case.branch_id == staff.team.branch_id or case.team_id == staff.team_id)
    )


def may_serve(staff: Staff, case: Case) -> bool:
    """Answering, asking for papers, closing: who serves it or leads the team; `queries.stands_in` adds deputies."""
    if not staff.has(SERVE) or case.keeps_out(staff):
        return False
    if case.officer_id is None:
        return may_see(staff, case)
    return staff.pk == case.officer_id or leads(staff, case)


def may_assign(staff: Staff, case: Case, to: Staff) -> bool:
    """A team leader gives to anyone who serves; everybody may take what nobody serves."""
    if case.officer_id is not None or not to.has(SERVE) or case.keeps_out(to) or case.keeps_out(staff):
        return False
    return leads(staff, case) or (staff.pk == to.pk and may_see(staff, case))


def check_receiver(to: Staff, case: Case) -> None:
    """Whoever is to serve a case must be able to, and not serve it already."""
    if not to.has(SERVE) or case.keeps_out(to):
        raise Refused(_("%(name)s does not handle cases.") % {"name": to.name})
    if case.officer_id == to.pk:
        raise Refused(_("%(name)s is already handling this case.") % {"name": to.name})


def check_reason(reason: str) -> None:
    """A reason is a sentence that somebody else can read."""
    if not reason.strip():
        raise Refused(_("One step left: please write down the reason. Colleagues will read it later."))


def split_papers(papers: list[Paper]) -> tuple[list[Paper], list[Paper]]:
    """What counts: the papers we asked for, or where we asked for none all of them; and what else is usual."""
    asked = [each for each in papers if each.asked_at]
    return (asked, [each for each in papers if not each.asked_at]) if asked else (papers, [])


def with_list(body: str, titles: list[str]) -> str:
    """The request with each document below it, unless its writer named them all."""
    if all(title in body for title in titles):
        return body
    return "\n\n".join([body.rstrip(), "\n".join(f"・{title}" for title in titles)])


PLACEHOLDER = re.compile(r"\{(\w+)\}")
PLACEHOLDERS = ("customer", "number", "officer", "company", "service", "due", "papers")


def fill(text: str, values: Mapping[str, str]) -> str:
    """A reply template filled in; what we do not know stays visible, so that nobody sends it by accident."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that nothing would fill; a template with any is not saved."""
    return [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]


def mail_domain() -> str:
    """The part after the @ of our message ids."""
    return parseaddr(sender())[1].rpartition("@")[2] or "localhost"
