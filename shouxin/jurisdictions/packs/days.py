"""Public holidays: from an official list where one is shipped, from the kept library for all other years."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from shouxin.jurisdictions.calendars import ONE_DAY, Day

DATA = Path(__file__).parent / "data"
DAY_BEFORE_EVE = "小年夜"


@dataclass(frozen=True)
class Holidays:
    """Where the special days of a jurisdiction come from, and how sure they are (see `calendars.Certainty`).

    `undecided` are holidays of the library of which it is not clear whether they count: they are left out, so that a
    term ends on the earlier day.
    """

    file: str = ""  # data/calendar_FILE.json
    country: str = ""  # the library's code
    subdivision: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()  # of the library; none: its usual ones
    computed: Callable[[int], Mapping[date, Day]] | None = None  # instead of the library
    law: str = ""  # by which it is computed
    official_from: date = date.min
    official_until: date = date.min
    published_until: date = date.max  # later days are not published yet: the library says what is to be expected
    undecided: tuple[str, ...] = ()
    eve_before: str = ""  # two days of the library with this one name: the first is the day before it

    @property
    def edition(self) -> str:
        """Which state of the facts this is: a part of the calendar's version."""
        listed = _listed(self.file)["state"] if self.file else ""
        without = (f"without {name}" for name in self.undecided)
        return "/".join(filter(None, (listed, self.law, self._library_edition, *without)))

    @property
    def _library_edition(self) -> str:
        marks = (f"holidays-{_library().__version__}", *self.categories) if self.country else ()
        return "+".join(marks)

    @property
    def source(self) -> str:
        return _listed(self.file)["source"] if self.file else ""

    def of_year(self, year: int) -> Mapping[date, Day]:
        """The holidays and make-up days of a year."""
        listed = _listed(self.file)["years"].get(str(year)) if self.file else None
        if listed is not None:
            return _from_list(year, listed)
        if self.computed is not None:
            return self.computed(year)
        return _from_library(self, year) if self.country else {}


@cache
def _listed(file: str) -> dict:
    return json.loads((DATA / f"calendar_{file}.json").read_text(encoding="utf-8"))


def _library():
    import holidays  # half a second to import: only when a year outside the lists is asked for

    return holidays


def _from_list(year: int, listed: dict) -> dict[date, Day]:
    def day(text: str) -> date:
        return date(year, int(text[:2]), int(text[3:]))

    off = {day(text): Day(name, is_open=False) for text, name in listed["off"].items()}
    return off | {day(text): Day(name, is_open=True) for text, name in listed["on"].items()}


@cache
def _from_library(source: Holidays, year: int) -> dict[date, Day]:
    categories = source.categories or None
    found = _library().country_holidays(
        source.country, subdiv=source.subdivision, language=source.language, years=year, categories=categories
    )
    names = {day: name for day, name in found.items() if day.year == year and name not in source.undecided}
    for day, name in list(names.items()):
        if name == source.eve_before and names.get(day + ONE_DAY) == name:
            names[day] = DAY_BEFORE_EVE
    off = {day: Day(name, is_open=False) for day, name in names.items()}
    makeup = {day for day in getattr(found, "weekend_workdays", ()) if day.year == year}
    return off | {day: Day("", is_open=True) for day in makeup}
