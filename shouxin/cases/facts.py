"""What happens to a case. The subject of all of them is the case; words of people lie in the content, never here."""

from dataclasses import dataclass
from typing import ClassVar

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Fact):
    """A request came in."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    priority: int = 3
    policy: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class TouchReceived(Fact):
    """The customer wrote, called or came. `after_closing`: the case was closed and stays so. Content: subject, body."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    files: int = 0
    after_closing: bool = False


@dataclass(frozen=True, kw_only=True)
class ReplySent(Fact):
    """We answered. On the first answer `seconds` and `working_seconds` run from the opening. Content: body."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    measured: ClassVar = ("first",)
    first: bool = False
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class PersonalDataSeen(Fact):
    """Who serves the case saw the customer's name and contacts unmasked: once an officer, case and day."""

    audience: ClassVar[Audience] = Audience.COMPLIANCE
    officer: str
    day: str


@dataclass(frozen=True, kw_only=True)
class CustomerTold(Fact):
    """The house told the customer something by itself, such as a due instant that moved: no answer. Content: body."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    told_of: list[int]


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Fact):
    """A note among ourselves. Content: body."""


@dataclass(frozen=True, kw_only=True)
class CallMissed(Fact):
    """We called and reached nobody: an attempt, which keeps no promise and is no reply. Content: body."""

    files: int = 0


@dataclass(frozen=True, kw_only=True)
class NoAnswerNeeded(Fact):
    """An officer read what the customer wrote after the closing: thanks, or nothing that asks for an answer."""


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Fact):
    """Somebody serves this case now. `how`: taken (from the queue) or given. `seconds` since it was opened."""

    measured: ClassVar = ("to", "to_team")
    to: Ref
    to_team: str = ""
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(Fact):
    """From one officer to another. Content: reason."""

    measured: ClassVar = ("to", "to_team")
    to: Ref
    to_team: str = ""
    former: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class CaseTakenBack(Fact):
    """Back into the queue for everybody. Content: reason."""

    former: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class PapersRequested(Fact):
    """One complete request for all that is missing. `again`: asked a second time, which needs a reason (content)."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    papers: list[str]
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class PaperReceived(Fact):
    """A paper of the checklist came in, or is waived. `missing` still do."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    paper: str
    missing: int
    waived: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Fact):
    """Done. `seconds` and `working_seconds` since the opening; `outcome` is the reason. Content: what we note.

    `days` and `working_days` are whole days of the office's calendar, the day of the opening not counted, the day of
    the closing counted whatever the hour; None in facts of before they were recorded and in files without a calendar.
    """

    audience: ClassVar[Audience] = Audience.CUSTOMER
    measured: ClassVar = ("days", "working_days")
    reason: str
    touches: int = 0
    reopened: int = 0
    days: int | None = None
    working_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Fact):
    """Not done after all. `seconds` since the closing. Content: reason.

    `by_customer`: until 2026-11 a case opened again by itself when its customer wrote.
    """

    audience: ClassVar[Audience] = Audience.CUSTOMER
    by_customer: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseLinked(Fact):
    """Two cases belong together."""

    other: Ref
    link: str


@dataclass(frozen=True, kw_only=True)
class CustomerLinked(Fact):
    """We know now who asks. Content: reason, how it was verified."""

    former: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class CaseChanged(Fact):
    """Service, policy or priority were set otherwise: {field: [old, new]} in codes."""

    changed: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class LetterSent(Fact):
    """A letter left the house. `seconds` since it was written."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    letter: int


@dataclass(frozen=True, kw_only=True)
class LetterFiled(Fact):
    """A letter was put into a file here, for no mail server is set: nobody received it."""

    letter: int


@dataclass(frozen=True, kw_only=True)
class LetterFailed(Fact):
    """A letter did not leave, or nobody knows whether it did."""

    letter: int
    failure: str


@dataclass(frozen=True, kw_only=True)
class LetterDelivered(Fact):
    """It reached the customer; terms that run from receipt start here."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    letter: int


@dataclass(frozen=True, kw_only=True)
class ServiceChanged(Fact):
    """An entry of the catalogue says something else: each field with what it said before and says now."""

    changed: dict[str, list]


@dataclass(frozen=True, kw_only=True)
class TemplateWritten(Fact):
    """A reply template says this from now on, and said that before (nothing: it is new). No earlier words are lost."""

    template: int
    before: dict
    said: dict


@dataclass(frozen=True, kw_only=True)
class EventRecorded(Fact):
    """Something happened in the case that terms of law count from or end with; `by_law`: the breach of a rule is it."""

    event: str
    by_law: str = ""
