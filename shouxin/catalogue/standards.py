"""What the pages of the company's standards show: how each stands, what a change would bring, what was before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from shouxin.cases.models import Service
from shouxin.cases.queries import services
from shouxin.core.templatetags import moment
from shouxin.jurisdictions.actions import changed, terms_of
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.labels import SCOPES, STARTS, UNITS
from shouxin.jurisdictions.models import CompanyStandard
from shouxin.jurisdictions.packs import COMPANY, calendar_key, pack
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.standards import Laxer, adopted_versions, as_rule, in_force, laws_beside, laxer_than_law
from shouxin.jurisdictions.terms import Mark, Wording, deadline
from shouxin.people.models import Branch
from shouxin.people.queries import staff_names
from shouxin.promises.choosing import IN_EVERY_SERVICE


@dataclass(frozen=True)
class Standing:
    """One standard as it holds today, and the version that comes next if one is planned."""

    rule: Rule
    planned: Rule | None

    @property
    def is_shipped(self) -> bool:
        return self.rule.mark == Mark.OWN


def standings(day: date) -> list[Standing]:
    """Every standard, in the order of its numbers."""
    own = in_force(COMPANY)
    return [standing(own.rule_on(each.id, day), day) for each in pack(COMPANY).rules]


def standing(rule: Rule, day: date) -> Standing:
    newest = in_force(COMPANY).rule(rule.id)
    return Standing(rule, newest if newest.valid_from and newest.valid_from > day else None)


@dataclass(frozen=True)
class Effect:
    """What one service would promise: by when a case of now is due by what holds, and by what is proposed."""

    service: Service
    begins: str
    now: str
    then: str

    @property
    def differs(self) -> bool:
        return self.now != self.then


def effects(before: Rule, after: CompanyStandard, at: datetime) -> list[Effect]:
    """Of every service for which the standard holds now or would hold, what a case opened now is due."""
    proposed, calendar = as_rule(after, pack(COMPANY).rule(after.rule)), _calendar()
    found = []
    for service in services().values():
        told = [deadline(rule.due(at, calendar)) if holds_for(rule, service) else "" for rule in (before, proposed)]
        if any(told):
            found.append(Effect(service, _begins(proposed, service), *told))
    return found


def holds_for(rule: Rule, service: Service) -> bool:
    """Whether the standard is promised in this service, as `Pack.rules_begun` has it."""
    subjects = (*IN_EVERY_SERVICE, *service.promise_subjects)
    named = not rule.services or service.pk in rule.services
    return rule.is_on and named and (rule.subject in subjects or (bool(rule.services) and rule.mark != Mark.OWN))


def _begins(rule: Rule, service: Service) -> str:
    events = [gettext(STARTS[event]) for event in rule.starts if event in service.opening_events]
    return gettext("when it is opened") if events else "、".join(gettext(STARTS[event]) for event in rule.starts)


def _calendar() -> Calendar:
    office = Branch.objects.filter(teams__isnull=False).order_by("pk").first() or Branch.objects.order_by("pk").first()
    return calendar_of(calendar_key(office.jurisdiction, office.place) if office else "TW:")


@dataclass(frozen=True)
class Version:
    """One version: when it was adopted and by whom, and what it changed."""

    rule: Rule
    adopted_at: datetime | None
    by: str
    changes: list[tuple[str, str, str]]


def versions(rule_id: str, labels: dict[str, str]) -> list[Version]:
    """Every version, the newest first; last the shipped one."""
    rules = [pack(COMPANY).rule(rule_id), *adopted_versions().get(rule_id, ())]
    rows, names = {row.version: row for row in CompanyStandard.objects.filter(rule=rule_id)}, staff_names()
    told = [Version(rules[0], None, "", [])]
    for before, rule in zip(rules, rules[1:], strict=False):
        row, differs = rows[rule.version], changed(terms_of(before), terms_of(rule))
        changes = [(labels.get(name, name), plain(name, old), plain(name, new)) for name, (old, new) in differs.items()]
        told.append(Version(rule, row.adopted_at, names.get(row.adopted_by, ""), changes))
    return told[::-1]


def plain(name: str, value: Any) -> str:
    """A value of a standard as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return str(Wording.of(value)) or "–"
    if name == "unit":
        return gettext(UNITS[value])
    if name == "scope":
        return "、".join(gettext(SCOPES.get(each, each)) for each in value) or "–"
    return "、".join(value) or "–" if isinstance(value, list) else str(value)


def sometimes_later(after: CompanyStandard) -> list[tuple[Laxer, str]]:
    """The law that is due sooner on some days of the year, with the first of them: there its promise presses first."""
    proposed = as_rule(after, pack(COMPANY).rule(after.rule))
    found = laxer_than_law(proposed, after.valid_from) if after.is_on else []
    return [(each, moment.day(each.start_at.date())) for each in found if not each.is_refused]


def laws_told(rule: Rule, day: date) -> list[tuple[Rule, str]]:
    """The law that binds to the same act beside it, with from which day."""
    return [(law, moment.day(law.valid_from) if law.valid_from else "") for law in laws_beside(rule, day)]
