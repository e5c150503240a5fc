"""Declaring a day closed or open."""

from datetime import datetime

from django.db import transaction

from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.jurisdictions.calendars import windows
from shouxin.jurisdictions.facts import DayDeclared
from shouxin.jurisdictions.models import Declaration, DeclaredDay
from shouxin.jurisdictions.packs import pack
from shouxin.record.recording import LIVE, record

__all__ = ["Declaration", "declare_day"]


@transaction.atomic
def declare_day(
    told: Declaration, *, by: Ref | None = None, at: datetime | None = None, record_source: str = LIVE
) -> DeclaredDay:
    """Declare a day closed or open for a place; by a new row, never an edit: the newest word on a day holds.

    Raises LookupError for a jurisdiction without a calendar and ValueError for hours that are none.
    """
    if not pack(told.jurisdiction).has_calendar:
        raise LookupError(f"{told.jurisdiction} has no calendar")
    windows(*told.hours)
    at, hours = at or now(), list(told.hours)
    row = told.as_row()
    row.declared_by, row.declared_at = by.id if by else None, at
    row.save()
    fact = DayDeclared(
        subject=row.ref, actor=by, jurisdiction=told.jurisdiction, day=told.day.isoformat(), place=told.place,
        is_open=told.is_open, windows=hours, is_withdrawn=told.is_withdrawn, told_by=told.source,
    )  # fmt: skip
    record(fact, at=at, source=record_source)
    return row
