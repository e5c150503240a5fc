"""The calendar that holds at a place, declared days included."""

from datetime import date, datetime

from shouxin.jurisdictions.calendars import Calendar, Day
from shouxin.jurisdictions.models import DeclaredDay
from shouxin.jurisdictions.packs import pack


def calendar_of(key: str, at: datetime | None = None) -> Calendar:
    """The calendar ``"TW:台北市"`` as declared until `at` (until now). LookupError for an unknown jurisdiction.

    One small query; the calendar itself is kept as long as nothing new is declared. Ask once for many promises.
    """
    jurisdiction, _, place = key.partition(":")
    return pack(jurisdiction).calendar(place, declared=declared_days(jurisdiction, place, at))


def declared_days(jurisdiction: str, place: str, at: datetime | None = None) -> dict[date, Day]:
    """What was declared for the place, the newest word on each day."""
    rows = DeclaredDay.objects.holding_in(jurisdiction, place)
    if at is not None:
        rows = rows.filter(declared_at__lte=at)
    return {row.day: row.as_day() for row in rows}
