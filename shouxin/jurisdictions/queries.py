"""The calendar that holds at a place, declared days included."""

from collections.abc import Callable
from datetime import date, datetime

from shouxin.core.kept import kept
from shouxin.jurisdictions.calendars import Calendar, Day, Hours
from shouxin.jurisdictions.models import DeclaredDay
from shouxin.jurisdictions.packs import pack

HoursKeeper = Callable[[str, str], tuple[Hours, ...]]
_KEEPERS: list[HoursKeeper] = []


def keeps_hours(keeper: HoursKeeper) -> HoursKeeper:
    """Register, from a higher room's door, who knows the opening hours that were set for (jurisdiction, place).

    It answers with none where the usual hours of the jurisdiction hold; those also hold before the first that was set.
    """
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)
    return keeper


def calendar_of(key: str, at: datetime | None = None) -> Calendar:
    """The calendar ``"TW:台北市"`` as declared until `at` (until now). LookupError for an unknown jurisdiction.

    What it is made of is kept as long as nothing of it changes, and so is the calendar itself. Ask once for many.
    """
    jurisdiction, _, place = key.partition(":")
    hours = tuple(hours for keeper in _KEEPERS for hours in keeper(jurisdiction, place))
    declared = declared_days(jurisdiction, place, at) if at else _declared_now(jurisdiction, place)
    return pack(jurisdiction).calendar(place, declared=declared, hours=hours)


@kept("jurisdictions_declaredday")
def _declared_now(jurisdiction: str, place: str) -> dict[date, Day]:
    return declared_days(jurisdiction, place)


def declared_days(jurisdiction: str, place: str, at: datetime | None = None) -> dict[date, Day]:
    """What was declared for the place, the newest word on each day."""
    rows = DeclaredDay.objects.holding_in(jurisdiction, place)
    if at is not None:
        rows = rows.filter(declared_at__lte=at)
    return {row.day: row.as_day() for row in rows}
