"""What happens to a promise. The subject is whom it belongs to (the case); the promise itself is named in `promise`.

A promise is as confidential as its rule, so here the audience is said by the fact, not only by its class.
`seconds` and `working_seconds` run from the start to the instant of the fact, pauses left out.
"""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar

from shouxin.core.audience import Audience
from shouxin.record.facts import DIMENSIONS, QUANTITIES, REFERENCES, Fact

KEPT, BROKEN, LATE, WITHDRAWN = "kept", "broken", "late", "withdrawn"


@dataclass(frozen=True, kw_only=True)
class PromiseFact(Fact):
    """Shared by all of them: which promise, what was promised, under which version of the rule, by when."""

    audience: Audience = Audience.CUSTOMER
    measured: ClassVar = ("promise", "officer")
    promise: int
    title: str
    rule_version: int
    due_at: str
    officer: str = ""

    def data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in own_names(type(self))}


@cache
def own_names(kind: type[PromiseFact]) -> tuple[str, ...]:
    """The fields that only this kind has; all hold plain values."""
    shared = {*DIMENSIONS, *QUANTITIES, *REFERENCES, "audience"}
    return tuple(field.name for field in fields(kind) if field.name not in shared)


@dataclass(frozen=True, kw_only=True)
class PromiseMade(PromiseFact):
    """Somebody was promised something by an instant. `begun_by`: the event from which it runs."""

    start_at: str
    begun_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PromisePaused(PromiseFact):
    """The clock stands still; whom we wait for is personal and lies in the content."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PromiseResumed(PromiseFact):
    """The clock runs again. `seconds` is how long it stood still."""

    due_before: str


@dataclass(frozen=True, kw_only=True)
class PromiseExtended(PromiseFact):
    """A step the rule allows, with the approval it asks for."""

    step: str
    approver: str
    due_before: str


@dataclass(frozen=True, kw_only=True)
class PromiseRedued(PromiseFact):
    """The calendar changed under a running promise. The customer is told."""

    due_before: str
    why: str


@dataclass(frozen=True, kw_only=True)
class PromiseWarned(PromiseFact):
    """It falls due soon and is not kept yet."""


@dataclass(frozen=True, kw_only=True)
class PromiseKept(PromiseFact):
    """Kept in time by an act its rule names. `early_seconds` is what was left on the wall clock.

    `act_fact` is the number of the fact that tells of the act. Facts recorded before 2026-11-28 name no act.
    """

    outcome: str = KEPT
    act: str = ""
    act_fact: int | None = None
    early_seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(PromiseFact):
    """The due instant passed. Happened at that instant, however late anybody noticed."""

    outcome: str = BROKEN


@dataclass(frozen=True, kw_only=True)
class PromiseMadeGood(PromiseFact):
    """A broken promise was fulfilled late: it stays broken, but nobody waits any longer."""

    outcome: str = LATE
    act: str = ""
    act_fact: int | None = None
    late_seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class PromiseWithdrawn(PromiseFact):
    """No longer owed: the request was taken back, or the customer released us. Content: words, the customer's own.

    A promise that was broken before stays broken: the breach was recorded by itself.
    """

    outcome: str = WITHDRAWN
    reason: str
