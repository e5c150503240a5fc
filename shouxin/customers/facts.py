"""What happens to a customer's own record. Names and numbers lie in the content, never in the fact."""

from dataclasses import dataclass
from typing import ClassVar

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerRegistered(Fact):
    customer_kind: str


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Fact):
    """Which details were changed; the details themselves lie in the content."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Fact):
    """A way to reach the customer was added, preferred or ended."""

    audience: ClassVar[Audience] = Audience.CUSTOMER

    contact_kind: str
    change: str


@dataclass(frozen=True, kw_only=True)
class CustomerMerged(Fact):
    """The subject turned out to be the same as `into`; only a pointer was set. Why lies in the content."""

    into: Ref


@dataclass(frozen=True, kw_only=True)
class CustomerParted(Fact):
    """A merger was a mistake: the pointer was taken back."""

    parted_from: Ref


@dataclass(frozen=True, kw_only=True)
class PersonalDataShown(Fact):
    """A member of staff looked at what is masked, for a stated reason."""

    audience: ClassVar[Audience] = Audience.CUSTOMER

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SearchedByMaskedData(Fact):
    """A member of staff looked for a telephone or identity number; the number itself is not kept."""

    audience: ClassVar[Audience] = Audience.COMPLIANCE


@dataclass(frozen=True, kw_only=True)
class AuthorityRecorded(Fact):
    """委任: somebody may speak for the customer."""

    audience: ClassVar[Audience] = Audience.CUSTOMER

    representative: Ref
    scope: str
    from_on: str
    until_on: str


@dataclass(frozen=True, kw_only=True)
class AuthorityRevoked(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER

    representative: Ref
    scope: str


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER

    purpose: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER

    purpose: str


@dataclass(frozen=True, kw_only=True)
class CareNoted(Fact):
    """Something to heed with this customer was written down or ended."""

    care_kind: str
    change: str


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Fact):
    """All that was known of the person was erased; how much, by table. Numbers and codes only, no words of theirs."""

    audience: ClassVar[Audience] = Audience.COMPLIANCE

    numbers: list[str]
    reason: str
    reference: str
    contents: int
    tables: dict[str, int]
