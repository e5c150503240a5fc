"""The words a rule is made of: units, how the last day is found, wording in three languages, steps of a reckoning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shouxin.core.templatetags import moment
from shouxin.jurisdictions.labels import EARLIER


class Unit(StrEnum):
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Roll(StrEnum):
    """What happens when the last day is a day of rest."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"
    DAY_AFTER_HOLIDAY = "day_after_holiday"  # Mainland wording: the day after the holiday ends


class Months(StrEnum):
    """On which day a term of months or years ends."""

    DAY_BEFORE = "day_before"  # Taiwan: the day before the one that corresponds to the first day counted
    SAME_DAY = "same_day"  # elsewhere: the day that corresponds to the day of the event


class Mark(StrEnum):
    """How sure we are of a rule."""

    F = "F"  # read in the official text
    F2 = "F2"  # read second-hand
    OWN = "O"  # the company's own standard as shipped: nothing to be read elsewhere, and nobody has adopted it
    ADOPTED = "A"  # the company's own standard, adopted by the company
    M = "M"  # from memory: off until somebody has read it
    X = "X"  # conflicting or not found: off


@dataclass(frozen=True)
class Wording:
    """A text in Traditional, English and Simplified; what was not written in a script is never converted into it."""

    hant: str = ""
    en: str = ""
    hans: str = ""

    def __str__(self) -> str:
        language = (get_language() or "zh-hant").lower()
        if language.startswith("zh"):
            first = (self.hans, self.hant) if "hans" in language else (self.hant, self.hans)
            return first[0] or first[1] or self.en
        return self.en or self.hant or self.hans

    def __bool__(self) -> bool:
        return bool(self.hant or self.en or self.hans)

    @classmethod
    def of(cls, value: "str | Mapping[str, str] | Wording | None") -> "Wording":
        """From data: a plain text is the same in every language."""
        if isinstance(value, Wording):
            return value
        return cls(hant=value, en=value, hans=value) if isinstance(value, str) else cls(**(value or {}))

    def as_json(self) -> dict[str, str]:
        return {"hant": self.hant, "en": self.en, "hans": self.hans}


@dataclass(frozen=True)
class Step:
    """One line with which a customer can check a deadline by hand. `values` are plain JSON: it is kept for good.

    Names ending in ``_on`` hold a day, in ``_at`` an instant with its own offset, in ``_days`` a list of [day, name],
    in ``_text`` a msgid.
    """

    label: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "text": self.text, "values": self.values}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Step":
        label = EARLIER.get(plain["label"], plain["label"])
        values = {k: EARLIER.get(v, v) if k.endswith("_text") else v for k, v in plain["values"].items()}
        return cls(label, plain["text"], values)

    @property
    def told_label(self) -> str:
        """The heading of the line in the reader's language."""
        return _(self.label) % self.values if "%(" in self.label else _(self.label)

    @property
    def told(self) -> str:
        """The line in the reader's language."""
        shown = {name: _shown(name, value) for name, value in self.values.items()}
        return (_(self.text) % shown if shown else _(self.text)).strip()


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return str(Wording.of(value))
    if name.endswith("_days") and isinstance(value, list):
        return "、".join(f"{moment.day(date.fromisoformat(day))} {about}".strip() for day, about in value)
    if name.endswith("_at"):
        return deadline(datetime.fromisoformat(value))
    if name.endswith("_text"):
        return _(value) if value else ""
    if name.endswith("_on"):
        return moment.day(date.fromisoformat(value))
    return value


def last_day(due_at: datetime) -> date:
    """The last day in time, on the wall of `due_at` itself: midnight belongs to the day it ends."""
    return (due_at - timedelta.resolution).date()


def day_in_words(due_at: datetime) -> str:
    """For sentences of a letter: 「11 月 30 日(一)」, with the hour where the term does not end with its day."""
    if (due_at.hour, due_at.minute) == (0, 0):
        return moment.long_day(last_day(due_at))
    return f"{moment.long_day(due_at.date())}{moment.THIN}{due_at:%H:%M}"


def deadline(at: datetime) -> str:
    """The instant as its own wall shows it; midnight is 24:00 of the day before, as deadlines are."""
    if (at.hour, at.minute) == (0, 0):
        return f"{moment.day(last_day(at))}{moment.THIN}24:00"
    return f"{moment.day(at.date())}{moment.THIN}{at:%H:%M}"
