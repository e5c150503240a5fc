"""Facts that only the tests of the record know."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from django.db import transaction

from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.record.facts import Fact
from shouxin.record.recording import record
from shouxin.record.sealing import Sealed, seal_once

CASE = Ref("case", 4517)
WANG = Ref("customer", 9)
LIN = Ref("staff", 12)
AT = datetime(2026, 11, 24, 6, 40, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class LetterWritten(Fact):
    pages: int = 1


@dataclass(frozen=True, kw_only=True)
class LetterShown(Fact):
    audience: ClassVar[Audience] = Audience.CUSTOMER


@dataclass(frozen=True, kw_only=True)
class SuspicionNoted(Fact):
    audience: ClassVar[Audience] = Audience.COMPLIANCE


@dataclass(frozen=True, kw_only=True)
class TalkHeld(Fact):
    audience: ClassVar[Audience] = Audience.PERSON


@dataclass(frozen=True, kw_only=True)
class MachineNoted(Fact):
    audience: ClassVar[Audience] = Audience.NOBODY


def written(*facts: Fact, **about) -> list[int]:
    """Record facts in a transaction of their own."""
    with transaction.atomic():
        return record(*(facts or (LetterWritten(subject=CASE, person=WANG, actor=LIN),)), **{"at": AT, **about})


def sealed(at: datetime | None = None) -> Sealed:
    """Seal all that is committed; another database of the same server may hold a transaction open for a moment."""
    for _attempt in range(200):
        if found := seal_once(at or now()):
            return found
        time.sleep(0.05)
    raise AssertionError("nothing was sealed in ten seconds")
