"""Declaring a day closed or open."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.jurisdictions.calendars import windows
from shouxin.jurisdictions.facts import DayDeclared
from shouxin.jurisdictions.models import DeclaredDay
from shouxin.jurisdictions.packs import pack
from shouxin.record.recording import LIVE, record


@transaction.atomic
def declare_day(
    jurisdiction: str, place: str, day: date, *, source: str, is_open: bool = False, hours: Iterable[str] = (),
    by: Ref | None = None, at: datetime | None = None, record_source: str = LIVE,
) -> DeclaredDay:  # fmt: skip
    """Declare a day closed (or open, with these hours) for a place, "" for all of it; by a new row, never an edit.

    Raises LookupError for a jurisdiction without a calendar and ValueError for hours that are none.
    """
    if not pack(jurisdiction).has_calendar:
        raise LookupError(f"{jurisdiction} has no calendar")
    told, at = list(hours), at or now()
    windows(*told)
    row = DeclaredDay.objects.create(
        jurisdiction=jurisdiction, place=place, day=day, is_open=is_open, windows=told, source=source,
        declared_by=by.id if by else None, declared_at=at,
    )  # fmt: skip
    fact = DayDeclared(
        subject=row.ref, actor=by, jurisdiction=jurisdiction, day=day.isoformat(), place=place, is_open=is_open,
        windows=told, told_by=source,
    )  # fmt: skip
    record(fact, at=at, source=record_source)
    return row
