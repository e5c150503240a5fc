"""The calendar that holds at a place, declared days included."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from shouxin.core.kept import kept
from shouxin.jurisdictions.calendars import Calendar, Day, Hours
from shouxin.jurisdictions.models import Declaration, DeclaredDay
from shouxin.jurisdictions.packs import pack

PlacesKeeper = Callable[[str], Iterable[str]]
_PLACES: list[PlacesKeeper] = []
HoursKeeper = Callable[[str, str], tuple[Hours, ...]]
_KEEPERS: list[HoursKeeper] = []


def keeps_places(keeper: PlacesKeeper) -> PlacesKeeper:
    """Register, from a higher room's door, who knows in which places of a jurisdiction there are offices."""
    if keeper not in _PLACES:
        _PLACES.append(keeper)
    return keeper


def places_of(jurisdiction: str) -> list[str]:
    """The places whose calendars somebody works by, as their offices spell them."""
    return sorted({place for keeper in _PLACES for place in keeper(jurisdiction) if place})


def where_offices_are(jurisdiction: str) -> list[str]:
    """The places of the offices there, "" for one whose place is not said; nothing where the company has none."""
    return sorted({place for keeper in _PLACES for place in keeper(jurisdiction)})


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
    return {day: row.as_day() for day, row in _holding(rows).items()}


def standing_declarations(jurisdiction: str, *, since: date) -> list[DeclaredDay]:
    """What is declared now from this day on, for each place by itself: what may be withdrawn."""
    rows = DeclaredDay.objects.filter(jurisdiction=jurisdiction, day__gte=since).order_by("declared_at", "pk")
    latest = {(row.day, row.place): row for row in rows}
    return sorted((row for row in latest.values() if not row.is_withdrawn), key=lambda row: (row.day, row.place))


def calendar_if(told: Declaration, key: str) -> Calendar:
    """The calendar of a place as it would be if this were declared now; the one that holds where it is not meant."""
    jurisdiction, _, place = key.partition(":")
    if jurisdiction != told.jurisdiction or told.place not in {"", place}:
        return calendar_of(key)
    rows = [*DeclaredDay.objects.holding_in(jurisdiction, place), told.as_row()]
    declared = {day: row.as_day() for day, row in _holding(rows).items()}
    hours = tuple(hours for keeper in _KEEPERS for hours in keeper(jurisdiction, place))
    return pack(jurisdiction).calendar(place, declared=declared, hours=hours)


def _holding(rows: Iterable[DeclaredDay]) -> dict[date, DeclaredDay]:
    """The newest word on each day that was not withdrawn; rows are given in their order."""
    latest: dict[tuple[date, str], DeclaredDay] = {}
    for row in rows:
        latest.pop((row.day, row.place), None)  # what was said of a day later stands later
        latest[row.day, row.place] = row
    return {row.day: row for row in latest.values() if not row.is_withdrawn}
