"""What a jurisdiction answers: rules, calendar, identity, wording, disclosure."""

import tomllib
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shouxin.jurisdictions.calendars import Calendar, Day, Hours
from shouxin.jurisdictions.packs.days import Holidays
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.terms import Mark, Wording

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Identity:
    """A number that identifies a person or company, and the check of its digits."""

    code: str
    label: Wording
    example: str
    is_valid: Callable[[str], bool]


@dataclass(frozen=True)
class NextStep:
    """Where a customer may go who is not content with the final letter, and until when."""

    body: Wording
    text: Wording
    rule: str = ""  # the rule that says until when; "" where the law names no term
    address: str = ""


@dataclass(frozen=True)
class Disclosure:
    """Something that must be told: what, when, under which source."""

    code: str
    when: str  # before_contract | sale | complaint | decision | yearly
    text: Wording
    source: Wording


@dataclass(frozen=True, eq=False)  # there is one of each; what is made of it is kept by which it is
class Pack:
    """A jurisdiction. `places` are those whose declared days may differ; any other text is a place too."""

    code: str
    name: Wording
    zone: str = "UTC"
    currency: str = ""
    unit: Decimal = Decimal("0.01")  # the smallest sum that is paid
    hours: tuple[Hours, ...] = ()
    holidays: Holidays = field(default_factory=Holidays)
    rest_weekdays: frozenset[int] = frozenset({5, 6})
    rules: tuple[Rule, ...] = ()
    places: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    next_steps: Mapping[str, NextStep] = field(default_factory=dict)
    disclosures: tuple[Disclosure, ...] = ()
    terms: Mapping[str, Wording] = field(default_factory=dict)

    @property
    def has_calendar(self) -> bool:
        """Whether this is a place with opening hours; the company's standards run on the branch's calendar."""
        return bool(self.hours)

    def rule(self, rule_id: str, version: int | None = None) -> Rule:
        """The rule of this id: this version, or the newest. LookupError when there is none."""
        found = [rule for rule in self.rules if rule.id == rule_id and version in (None, rule.version)]
        if not found:
            raise LookupError(f"{self.code} has no rule {rule_id} (version {version or 'any'})")
        return max(found, key=lambda rule: rule.version)

    def rule_on(self, rule_id: str, day: date) -> Rule:
        """The version that holds on this day; the newest where none does. LookupError when there is no such rule."""
        found = [rule for rule in self.rules if rule.id == rule_id and rule.is_valid_on(day)]
        return max(found, key=lambda rule: rule.version) if found else self.rule(rule_id)

    def rules_for(
        self, subject: str, at: date | datetime, *, service: str = "", start: str = "", binds: str = "insurer"
    ) -> list[Rule]:
        """Rules with a clock that are on and valid on that day, for a subject; shortest first within the data's order.

        `service` narrows to rules that name no service or this one; `start` to those that begin with that event.
        """
        day = at.astimezone(ZoneInfo(self.zone)).date() if isinstance(at, datetime) else at
        return [
            rule
            for rule in self.rules
            if rule.subject == subject and rule.is_on and rule.has_clock and rule.is_valid_on(day)
            and (not binds or rule.binds == binds)
            and (not service or not rule.services or service in rule.services)
            and (not start or start in rule.starts)
        ]  # fmt: skip

    def rules_begun(self, service: str, subjects: Collection[str], day: date, events: Collection[str]) -> list[Rule]:
        """What binds the insurer for a service from one of these events on, in the order of the data.

        What the law names for the service holds whatever the company's catalogue says; a rule that names no service
        holds for its subject. Of the company's own standards those nobody adopted hold only for the subjects that the
        catalogue gives; one that was adopted names its services itself.
        """
        return [
            rule
            for rule in self.rules
            if rule.is_on and rule.binds == "insurer" and rule.is_valid_on(day) and (rule.has_clock or rule.within)
            and (not rule.services or service in rule.services)
            and (rule.subject in subjects or (bool(rule.services) and rule.mark != Mark.OWN))
            and any(event in rule.starts for event in events)
        ]  # fmt: skip

    def rules_for_customers(self, service: str, day: date) -> list[Rule]:
        """The terms that a customer has in this service: how long they may still do something."""
        return [
            rule
            for rule in self.rules
            if rule.binds == "customer" and rule.is_on and rule.has_clock and rule.is_valid_on(day)
            and service in rule.services and not rule.is_backward
        ]  # fmt: skip

    def rules_of_service(self, service: str, at: date | datetime, *, start: str = "") -> list[Rule]:
        """Rules of any subject that name this service of the catalogue."""
        subjects = {rule.subject for rule in self.rules if service in rule.services}
        return [
            rule
            for subject in sorted(subjects)
            for rule in self.rules_for(subject, at, service=service, start=start)
            if service in rule.services
        ]

    def calendar(
        self, place: str = "", *, declared: Mapping[date, Day] | None = None, hours: tuple[Hours, ...] = ()
    ) -> Calendar:
        """The working calendar of a place; the same object for the same version. LookupError without opening hours.

        `declared` are days declared closed or open there, `hours` those set for its offices: callers use
        `queries.calendar_of`, which asks for both.
        """
        if not self.has_calendar:
            raise LookupError(f"{self.code} has no calendar of its own: ask the branch's jurisdiction")
        days = tuple(sorted((declared or {}).items()))
        key = (self.code, place, days, hours)
        if key not in _CALENDARS:
            if len(_CALENDARS) > 500:
                _CALENDARS.clear()
            _CALENDARS[key] = self._calendar(place, dict(days), hours)
        return _CALENDARS[key]

    def next_step_until(self, subject: str, received_at: datetime, calendar: Calendar) -> datetime | None:
        """Until when the customer may take the next step, from the day he received the final letter; None: no term."""
        step = self.next_steps.get(subject)
        return self.rule(step.rule).due(received_at, calendar) if step and step.rule else None

    def identity(self, code: str) -> Identity:
        """LookupError when this jurisdiction knows no such number."""
        for identity in self.identities:
            if identity.code == code:
                return identity
        raise LookupError(f"{self.code} knows no identity {code!r}")

    def is_valid_identity(self, text: str) -> bool:
        """Whether the text is a valid number of any kind known here; true where none is known."""
        return not self.identities or any(identity.is_valid(text) for identity in self.identities)

    def _calendar(self, place: str, declared: dict[date, Day], hours: tuple[Hours, ...]) -> Calendar:
        own = repr((sorted(declared.items()), hours)).encode()
        mark = f"+{zlib.crc32(own):08x}" if declared or hours else ""
        return Calendar(
            key=f"{self.code}:{place}",
            version=f"{self.code}-{self.holidays.edition}{mark}",
            zone=ZoneInfo(self.zone),
            hours=(*self.hours, *hours),
            special=self.holidays.of_year,
            rest_weekdays=self.rest_weekdays,
            official_from=self.holidays.official_from,
            official_until=self.holidays.official_until,
            published_until=self.holidays.published_until,
            declared=declared,
        )


_CALENDARS: dict[tuple, Calendar] = {}


def not_found() -> list[dict[str, str]]:
    """Terms that are said to exist and whose text could not be read: place, term, why."""
    return _read("not_found")["term"]


def load_words(name: str) -> dict[str, Any]:
    """Formal names, next steps and disclosures of ``data/NAME.toml``, as a pack takes them."""
    plain = _read(name)
    return {
        "terms": {code: Wording.of(value) for code, value in plain["terms"].items()},
        "next_steps": {
            subject: NextStep(Wording.of(step["body"]), Wording.of(step["text"]), step["rule"], step.get("address", ""))
            for subject, step in plain["next_steps"].items()
        },
        "disclosures": tuple(
            Disclosure(each["code"], each["when"], Wording.of(each["text"]), Wording.of(each["source"]))
            for each in plain.get("disclosure", [])
        ),
    }


def load_rules(code: str, name: str, state: str = "") -> tuple[Rule, ...]:
    """The rules of ``data/NAME.toml``, each entry over the file's ``[usual]``; of a federation, those of one state.

    The day a source came into force is that of its rules, unless an entry names its own: its article was changed later.
    Raises on any mistake in the file: an unknown source, a word that is no unit, a term without its parts.
    """
    plain = _read(name)
    sources, days = _sources(plain)
    rules = []
    for entry in plain["rule"]:
        terms = {**plain.get("usual", {}), **days.get(entry.get("source", ""), {}), **entry, "jurisdiction": code}
        if terms.pop("state", state) != state:
            continue
        if "source" in terms and terms["source"] not in sources:
            raise LookupError(f"{terms['id']}: {terms['source']!r} is not among the sources")
        rules.append(Rule.of(terms | {"source": sources.get(terms.get("source", ""), Wording())}))
    return tuple(rules)


def _sources(plain: Mapping[str, Any]) -> tuple[dict[str, Wording], dict[str, dict[str, date]]]:
    """The sources by their keys, and those whose day of coming into force is known with it."""
    days = {
        key: {"valid_from": each.pop("valid_from")} for key, each in plain["sources"].items() if "valid_from" in each
    }
    return {key: Wording.of(each) for key, each in plain["sources"].items()}, days


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
