"""What happens at the customer's door."""

from dataclasses import dataclass
from typing import ClassVar

from shouxin.core.audience import Audience
from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FollowLinkRenewed(Fact):
    """The secret link was replaced: the old one opens nothing any more."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    generation: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FollowLinkSent(Fact):
    """The present link was mailed once more to an address on file."""

    audience: ClassVar[Audience] = Audience.CUSTOMER


@dataclass(frozen=True, kw_only=True)
class StaffAtCustomersPage(Fact):
    """Somebody signed in as staff tried to unlock a customer's page or to write there, and was refused."""


@dataclass(frozen=True, kw_only=True)
class FollowLinkUnlocked(Fact):
    """Somebody who knew the datum read the personal content of a case through its link."""

    datum: str


@dataclass(frozen=True, kw_only=True)
class FollowLinkGuessed(Fact):
    """Too many wrong answers: the link is locked until a new one is sent."""
