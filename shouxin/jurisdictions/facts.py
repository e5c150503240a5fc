"""What is recorded here: a day declared closed or open for a place, a standard the company adopted."""

from dataclasses import dataclass, field
from typing import Any

from shouxin.core.audience import Audience
from shouxin.record.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DayDeclared(Fact):
    """A day was declared closed (a typhoon) or open (made up); open promises of that place are due anew.

    `place` is "" for the whole jurisdiction, `windows` are the hours still open as ["09:00-12:00"]. Withdrawn,
    nothing is said of the day at this place any more.
    """

    audience = Audience.CUSTOMER

    day: str
    place: str
    is_open: bool
    windows: list[str] = field(default_factory=list)
    is_withdrawn: bool = False
    told_by: str


@dataclass(frozen=True, kw_only=True)
class StandardAdopted(Fact):
    """The company adopted a version of one of its standards: from which day it holds, and what differs from before.

    `changed` is {field: [old, new]} against the version that came before. Promises made before keep their terms.
    """

    standard: str
    version: int
    valid_from: str
    changed: dict[str, Any] = field(default_factory=dict)
