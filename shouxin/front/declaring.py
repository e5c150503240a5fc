"""Before a day is declared: how many promises it would move, and which customers would be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from shouxin.cases.models import Case
from shouxin.cases.queries import visible_to
from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.core.slots import fills
from shouxin.jurisdictions.models import Declaration
from shouxin.jurisdictions.terms import deadline
from shouxin.people.models import Staff
from shouxin.promises.redue import Moved, would_move
from shouxin.promises.terms import terms_of
from shouxin.record.recording import SILENT

SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One promise to a customer that would move. `case` is None where the reader may not see it."""

    case: Case | None
    title: str
    old: str
    new: str


@dataclass(frozen=True)
class Preview:
    promises: int
    customers: int
    lines: list[Line]


def preview(viewer: Staff, told: Declaration, *, at: datetime) -> Preview:
    """What declaring this would do now."""
    moved = would_move(told, at=at)
    spoken = [each for each in moved if _is_told(each)]
    cases = visible_to(viewer).in_bulk({Ref.parse(each.promise.subject).id for each in spoken[:SHOWN]})
    lines = [
        Line(
            cases.get(Ref.parse(each.promise.subject).id), str(terms_of(each.promise).title),
            deadline(each.old), deadline(each.new),
        )
        for each in spoken[:SHOWN]
    ]  # fmt: skip
    return Preview(len(moved), len({each.promise.subject for each in spoken}), lines)


def _is_told(moved: Moved) -> bool:
    promise = moved.promise
    is_theirs = promise.audience == Audience.CUSTOMER and promise.origin not in SILENT
    return is_theirs and Ref.parse(promise.subject).kind == Case.ref_kind


@fills("calendar.preview")
def preview_piece(request: HttpRequest, *, told: Declaration, **about: Any) -> tuple[str, dict[str, Any]]:
    return "front/_declared_preview.html", {"preview": preview(request.user, told, at=now())}
