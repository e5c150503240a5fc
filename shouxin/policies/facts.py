"""What happens to the mirror as a whole."""

from dataclasses import dataclass

from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PoliciesImported(Fact):
    """A file of the core system was taken over: how many rows, policies and customers were new, changed, skipped."""

    counts: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PolicyDelivered(Fact):
    """The core system says on which day the policy reached its holder. The subject is the policy."""

    delivered_on: str
