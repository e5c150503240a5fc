"""The company's own standards as they hold: the shipped ones, and over them every version that was adopted.

A version holds from its day on until a newer one does; promises made before keep the terms they were made with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from shouxin.core.audience import Audience
from shouxin.core.kept import kept
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.models import CompanyStandard
from shouxin.jurisdictions.packs import COMPANY, MODULES, pack
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.queries import calendar_of, where_offices_are
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.terms import Mark, Unit, Wording

# What is made of the company's standards is kept until this table changes, in every process.
STANDARDS_TABLE = CompanyStandard._meta.db_table
YEAR, TEN = 366, time(10)
# Acts with which a matter ends: whatever leads to one of them cannot be due later.
ENDS = frozenset({Act.PAYMENT, Act.FINAL_LETTER, Act.ANSWER, Act.DONE})


def in_force(code: str) -> Pack:
    """The pack of a jurisdiction; the company's with every version of its standards, each valid for its own days."""
    return _company() if code == COMPANY else pack(code)


def all_in_force() -> list[Pack]:
    """All packs as `in_force` has them, places first."""
    return [in_force(code) for code in MODULES]


@kept(STANDARDS_TABLE)
def titles() -> dict[tuple[str, int], Wording]:
    """What each rule promises, by its id and version."""
    return {(rule.id, rule.version): rule.title for each in all_in_force() for rule in each.rules}


@kept(STANDARDS_TABLE)
def _company() -> Pack:
    base, adopted = pack(COMPANY), adopted_versions()
    rules = [rule for first in base.rules for rule in in_their_days([first, *adopted.get(first.id, ())])]
    return replace(base, rules=tuple(rules))


def adopted_versions() -> dict[str, list[Rule]]:
    """What was adopted of each standard, the oldest first."""
    found: dict[str, list[Rule]] = {}
    known = {rule.id: rule for rule in pack(COMPANY).rules}
    for row in CompanyStandard.objects.order_by("rule", "version"):
        if row.rule in known:
            found.setdefault(row.rule, []).append(as_rule(row, known[row.rule]))
    return found


def as_rule(row: CompanyStandard, first: Rule) -> Rule:
    """The shipped rule with what the company has set."""
    return replace(
        first, version=row.version, valid_from=row.valid_from, title=Wording.of(row.title), note=Wording.of(row.note),
        limit=row.limit, unit=Unit(row.unit), services=tuple(row.services), scope=tuple(row.scope),
        audience=Audience.CUSTOMER if row.is_public else Audience.STAFF, mark=Mark.ADOPTED, is_on=row.is_on,
    )  # fmt: skip


def in_their_days(versions: list[Rule]) -> list[Rule]:
    """Each version until the day before a newer one holds; one that a newer one overtakes before its day never does."""
    held, until = [], None
    for rule in reversed(versions):
        held.append(replace(rule, valid_until=until) if until else rule)
        day = rule.valid_from
        if day is not None:
            before = day - timedelta(days=1)
            until = before if until is None else min(until, before)
    return held[::-1]


@dataclass(frozen=True)
class Laxer:
    """A law that a standard would be laxer than: what begins on `start_at`, the first such day, would be due later.

    `days` is on how many of the days looked at. For the same act not one is allowed. Where the law only says by when
    the matter must end, a standard that is usually earlier may stand: on the other days the law's promise presses.
    """

    law: Rule
    start_at: datetime
    due_at: datetime
    law_due_at: datetime
    days: int
    is_same_act: bool

    @property
    def is_refused(self) -> bool:
        return self.is_same_act or self.days > YEAR // 2


def laws_beside(standard: Rule, day: date) -> list[Rule]:
    """The law that binds the insurer from the same event to the same act, or to the end of the same matter.
    Only where the company has offices.

    Its promise is made beside the standard's, whatever the standard says.
    """
    return [
        law
        for code in MODULES
        if code != COMPANY and where_offices_are(code)
        for law in pack(code).rules
        if law.is_on and law.binds == "insurer" and law.has_clock and law.is_valid_on(day) and _is_same(law, standard)
    ]


def _is_same(law: Rule, standard: Rule) -> bool:
    """Whether both run from one event, and to one act or (about one subject) to the law's end of the matter."""
    begins = bool(set(law.starts) & set(standard.starts)) and law.is_backward == standard.is_backward
    if not begins:
        return False
    both = set(law.services) & set(standard.services)
    is_one_matter = law.subject == standard.subject and (bool(both) or not law.services or not standard.services)
    does_one_act = bool(set(law.kept_by) & set(standard.kept_by)) and (bool(both) or is_one_matter)
    return does_one_act or (is_one_matter and ENDS.issuperset(law.kept_by))


def laxer_than_law(standard: Rule, day: date) -> list[Laxer]:
    """Where the standard would be laxer than a law that binds whenever it holds, any day of the year from `day` on."""
    found = []
    for law in laws_beside(standard, day):
        if set(law.scope) <= set(standard.scope):
            calendar = calendar_of(f"{law.jurisdiction}:{where_offices_are(law.jurisdiction)[0]}")
            found += _laxer_on(standard, law, calendar, [day + timedelta(days=number) for number in range(YEAR)])
    return found


def _laxer_on(standard: Rule, law: Rule, calendar: Calendar, days: Iterable[date]) -> list[Laxer]:
    starts = [datetime.combine(day, TEN, tzinfo=calendar.zone) for day in days]
    found = [
        (start, due, lawful) for start in starts
        if (due := standard.due(start, calendar)) > (lawful := law.due(start, calendar))
    ]  # fmt: skip
    is_same_act = bool(set(law.kept_by) & set(standard.kept_by))
    return [Laxer(law, *found[0], days=len(found), is_same_act=is_same_act)] if found else []
