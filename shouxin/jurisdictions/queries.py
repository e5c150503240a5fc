"""The calendar that holds at a place, declared days included; rules for the screen where staff look them up."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from shouxin.core.text import fold
from shouxin.jurisdictions.calendars import Calendar, Day
from shouxin.jurisdictions.models import DeclaredDay
from shouxin.jurisdictions.packs import pack, packs
from shouxin.jurisdictions.rules import Rule


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


def find_rules(jurisdiction: str = "", subject: str = "", words: str = "") -> list[Rule]:
    """Rules of these packs and this subject whose number, title, source, article or note holds all the words."""
    wanted = [fold(word) for word in words.split()]
    return [
        rule
        for one in packs()
        if jurisdiction in ("", one.code)
        for rule in one.rules
        if subject in ("", rule.subject) and _holds(rule, wanted)
    ]


def subjects() -> list[str]:
    """All subjects that any rule is about."""
    return sorted({rule.subject for one in packs() for rule in one.rules})


def months_of(calendar: Calendar, year: int) -> list[list[list[date | None]]]:
    """The year as twelve lists of weeks of seven days; None outside the month."""
    return [_weeks(date(year, month, 1)) for month in range(1, 13)]


def _weeks(first: date) -> list[list[date | None]]:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    days: list[date | None] = [None] * first.weekday()
    days += [first + timedelta(days=offset) for offset in range((after - first).days)]
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _holds(rule: Rule, wanted: Iterable[str]) -> bool:
    if not wanted:
        return True
    texts = (rule.title, rule.source, rule.article, rule.note, rule.breach)
    held = fold(" ".join([rule.id, *rule.services, *(part for text in texts for part in text.as_json().values())]))
    return all(word in held for word in wanted)
