"""What happens to a complaint. Subject is the case; dimensions are the case's."""

from dataclasses import dataclass, field
from typing import ClassVar

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ComplaintOpened(Fact):
    """A dispute was lodged. Lists name every value the complaint has; imports fill them from the file."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    company: list[str] = field(default_factory=list)
    coverage: list[str] = field(default_factory=list)
    subcoverage: list[str] = field(default_factory=list)
    reason: list[str] = field(default_factory=list)
    subreason: list[str] = field(default_factory=list)
    disposition: list[str] = field(default_factory=list)
    conclusion: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    key: str = ""
    more: dict[str, list[str]] = field(default_factory=dict)  # further fields of a file; figures can be asked by them


@dataclass(frozen=True, kw_only=True)
class ComplaintClosed(ComplaintOpened):
    """A complaint ended. `outcome` upheld, partly, refused, withdrawn or "". `recovery`: money the customer got.

    `days` and `working_days` as in the closing of its case; of a file that gives days, `days` are the file's own.
    """

    measured: ClassVar = ("days", "working_days")
    recovery: str = ""
    days: int | None = None
    working_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class ComplaintClassified(Fact):
    """Complaint, enquiry or claim: which line, and why it is drawn there; `answers` are the questions said yes to."""

    measured: ClassVar = ("line",)
    line: str
    was: str
    because: str
    answers: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ComplaintAimed(Fact):
    """Whom or what the complaint is against: a product, a post, an agent (also a departed one), a member of staff."""

    against_kind: str
    against: str


@dataclass(frozen=True, kw_only=True)
class ComplaintAcknowledged(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER


@dataclass(frozen=True, kw_only=True)
class InvestigatorAppointed(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER
    investigator: str
    replaced: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingsSigned(Fact):
    """The independent investigator has written down and signed what was found; the words lie in the findings."""

    audience: ClassVar[Audience] = Audience.CUSTOMER


@dataclass(frozen=True, kw_only=True)
class ComplaintDecided(Fact):
    """The decision, with the money it gives back. Told to the customer by the final letter, not by this."""

    redress_kind: str = ""
    redress_amount: str = ""
    redress_currency: str = ""


@dataclass(frozen=True, kw_only=True)
class RootCauseFound(Fact):
    cause: str


@dataclass(frozen=True, kw_only=True)
class FinalLetterSent(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER
    letter: int
    checksum: str


@dataclass(frozen=True, kw_only=True)
class ComplaintJoined(Fact):
    """The same complaint came again within the term: that of `other` is the term of both."""

    other: Ref


@dataclass(frozen=True, kw_only=True)
class ComplaintSeparated(Fact):
    """Not the same after all, or the other one ended undecided: it has its own term. Content: reason."""

    other: Ref


@dataclass(frozen=True, kw_only=True)
class NewFactsBrought(Fact):
    """The same complaint with new facts and reasons: the term of `other` began anew when they came. Content: reason."""

    other: Ref
