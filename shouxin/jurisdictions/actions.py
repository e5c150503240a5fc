"""What people set here: a day closed or open, a standard the company adopts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.rights import Right, require
from shouxin.jurisdictions.calendars import windows
from shouxin.jurisdictions.facts import DayDeclared, StandardAdopted
from shouxin.jurisdictions.models import CompanyStandard, Declaration, DeclaredDay
from shouxin.jurisdictions.packs import COMPANY, pack
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.rules import STANDARDS
from shouxin.jurisdictions.standards import as_rule, in_force, laxer_than_law
from shouxin.jurisdictions.terms import day_in_words
from shouxin.record.recording import LIVE, record

__all__ = ["Adoption", "Declaration", "adopt_standard", "declare_day"]

HOUSE = Ref("company", 1)


class Holder(Protocol):
    """Who acts: a member of staff, whom this floor does not know."""

    ref: Ref

    def has(self, right: Right) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What the company wants one of its standards to say, and from which day."""

    valid_from: date
    limit: int
    unit: str
    title: dict[str, str]
    note: dict[str, str]
    services: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    is_public: bool = True
    is_on: bool = True

    def as_row(self, rule: str, version: int) -> CompanyStandard:
        """Not saved, and by nobody yet."""
        lists = {"services": list(self.services), "scope": list(self.scope)}
        return CompanyStandard(rule=rule, version=version, **vars(self) | lists)


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


@transaction.atomic
def adopt_standard(
    rule: str, told: Adoption, *, by: Holder, seen: int, at: datetime | None = None
) -> CompanyStandard:  # fmt: skip
    """Adopt a standard as it is, change it, or switch it off: a new version from a day on.

    `seen` is the newest version its writer has read. Refused where somebody wrote one since, where the day has passed,
    and where the law binds to less time. LookupError for a standard that is not shipped.
    """
    require(by.has(STANDARDS))
    at = at or now()
    newest = in_force(COMPANY).rule(rule)
    if newest.version != seen:
        raise Refused(_overtaken())
    if told.valid_from < day_of(at):
        raise Refused(_("It can hold from today on, not from a day that has passed."))
    row = told.as_row(rule, newest.version + 1)
    row.adopted_by, row.adopted_at = by.ref.id, at
    check_not_laxer(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_overtaken()) from None
    fact = StandardAdopted(
        subject=HOUSE, actor=by.ref, standard=rule, version=row.version, valid_from=told.valid_from.isoformat(),
        changed=changed(terms_of(newest), terms_of(as_rule(row, pack(COMPANY).rule(rule)))),
    )  # fmt: skip
    record(fact, at=at)
    return row


def check_not_laxer(row: CompanyStandard) -> None:
    """Refused where a law that binds whenever this standard holds would be due sooner."""
    standard = as_rule(row, pack(COMPANY).rule(row.rule))
    found = [each for each in laxer_than_law(standard, row.valid_from) if each.is_refused] if row.is_on else []
    if found:
        first = found[0]
        told = {
            "law": f"{first.law.id} {first.law.title}", "start": day_in_words(first.start_at),
            "due": day_in_words(first.due_at), "law_due": day_in_words(first.law_due_at),
        }  # fmt: skip
        raise Refused(
            _("Laxer than the law (%(law)s): what begins on %(start)s would be due %(due)s, by law %(law_due)s.") % told
        )


def terms_of(rule: Rule) -> dict[str, Any]:
    """What of a standard the company sets, in plain values."""
    return {
        "limit": rule.limit, "unit": str(rule.unit), "services": list(rule.services), "scope": list(rule.scope),
        "is_public": rule.audience == Audience.CUSTOMER, "title": rule.title.as_json(), "note": rule.note.as_json(),
        "is_on": rule.is_on,
    }  # fmt: skip


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs, each with what it said and says."""
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}


def _overtaken() -> str:
    return _("Someone else has changed this in the meantime. What you wrote is still here, not yet saved.")
