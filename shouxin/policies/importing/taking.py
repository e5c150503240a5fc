"""Taking over what a file says: each policy whole or not at all; the same file again changes nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.core.rights import require
from shouxin.customers.mirroring import Mirrored, mirror
from shouxin.customers.mirroring import Told as PersonTold
from shouxin.people.models import Staff
from shouxin.policies.bulk import PolicyRow as NewPolicy
from shouxin.policies.bulk import copy_policies
from shouxin.policies.facts import PoliciesImported, PolicyDelivered
from shouxin.policies.importing.checking import Books, check
from shouxin.policies.importing.columns import COLUMNS
from shouxin.policies.importing.reading import PolicyRow, PolicyTold, Told, read
from shouxin.policies.models import Policy, PolicyRole, Product
from shouxin.policies.rules import IMPORT_POLICIES
from shouxin.record.recording import record
from shouxin.tables.importers import CHANGED, NEW, REJECTED, REMARK, SAME, Counts, Line, Work
from shouxin.tables.parsing.cells import folded

HOUSE = Ref("company", 1)
CHUNK = 2_000
# Held while a file is written, so that two imports at once follow one another.
LOCK = 7_201_455
PLAIN = ("state", "issued_on", "delivered_on", "ends_on", "premium", "sum_insured", "currency")
MOST_ROWS_ON_THE_WEB = 20_000


@dataclass
class Report:
    """What became of every row; of a trial, what would."""

    rows: list[PolicyRow]
    is_trial: bool
    notes: list[str]
    policies: Counter = field(default_factory=Counter)
    people: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        people, rows = Counter(self.people.values()), Counter(outcome_of(row) for row in self.rows)
        return {
            "rows_read": len(self.rows), "rows_new": rows[NEW], "rows_changed": rows[CHANGED],
            "rows_same": rows[SAME], "rows_skipped": rows[REJECTED], "rows_remarks": rows[REMARK],
            "policies_new": self.policies[NEW], "policies_changed": self.policies[CHANGED],
            "policies_unchanged": self.policies[SAME], "policies_skipped": self.policies[REJECTED],
            "customers_new": people[NEW], "customers_changed": people[CHANGED],
        }  # fmt: skip

    def sentence(self) -> str:
        return told_of(self.counts)

    def lines(self) -> Iterator[Line]:
        for row in self.rows:
            key = " · ".join(filter(None, (row.says.get("policy", ""), row.says.get("customer", ""))))
            yield Line(row.number, key, outcome_of(row), (*row.reasons, *row.changes, *row.remarks))


def outcome_of(row: PolicyRow) -> str:
    return REMARK if row.is_remark else REJECTED if row.reasons else row.result


def told_of(counts: dict[str, int]) -> str:
    """「新增 12 張保單 · 更新 3 張 …」"""
    n = {name: {"n": f"{count:,}"} for name, count in counts.items()}
    return " · ".join([
        ngettext("%(n)s new policy", "%(n)s new policies", counts["policies_new"]) % n["policies_new"],
        _("%(n)s policies changed") % n["policies_changed"],
        _("%(n)s policies unchanged") % n["policies_unchanged"],
        ngettext("%(n)s new customer", "%(n)s new customers", counts["customers_new"]) % n["customers_new"],
        _("%(n)s customers changed") % n["customers_changed"],
        _("%(n)s rows skipped") % n["rows_skipped"],
    ])  # fmt: skip


def carry_out(work: Work) -> Iterator[Counts]:
    """What the worker does with a file that was sent in."""
    report = take_over(read(work.file, work.choices, most=MOST_ROWS_ON_THE_WEB), by=work.by, is_trial=work.is_trial)
    work.lines, work.notes = list(report.lines()), report.notes
    yield report.counts


def take_over(told: Told, *, by: Staff | None, is_trial: bool = False, at: datetime | None = None) -> Report:
    """Write all that can be taken over in one transaction; a trial does the same and takes it back."""
    require(by is None or by.has(IMPORT_POLICIES))
    at, report = at or now(), Report(told.rows, is_trial, told.notes)
    with transaction.atomic():
        for start in range(0, len(told.policies), CHUNK):
            _take(told.policies[start : start + CHUNK], told, by, at, report)
        actor = {"actor": by.ref, **by.dims()} if by else {}
        record(PoliciesImported(subject=HOUSE, counts=report.counts, **actor), at=at)
        if is_trial:
            with connection.cursor() as cursor:
                # What the database puts off to the end is asked now: the real run would be.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    return report


def _take(chunk: Sequence[PolicyTold], told: Told, by: Staff | None, at: datetime, report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    books = Books.opened(chunk, told)
    for policy in chunk:
        check(policy, books)
    good = [policy for policy in chunk if not policy.is_wrong]
    customers = sorted({row.customer for policy in good for row in policy.rows})
    people = mirror([PersonTold(books.number_of(each), told.people[each]) for each in customers], by=by, at=at)
    _take_products(good, books)
    _create([policy for policy in good if policy.key not in books.policies], books, people, at)
    for policy in chunk:
        known = books.policies.get(policy.key)
        changes = [] if policy.is_wrong or known is None else _bring_up_to_date(known, policy, books, people, at)
        _tell(policy, NEW if known is None else CHANGED if changes else SAME, changes, people, books, report)


def _take_products(good: Sequence[PolicyTold], books: Books) -> None:
    codes = dict.fromkeys(each.says["product"] for each in good if "product" in each.says)
    for code in codes:
        if code not in books.products:
            product = books.told.products[code]
            books.products[code] = Product.objects.create(
                code=code, name=product["product_name"], line=product["line"]
            )  # fmt: skip


def _create(new: Sequence[PolicyTold], books: Books, people: Mirrored, at: datetime) -> None:
    copy_policies(
        NewPolicy(
            number=each.number, mirrored_at=at, roles=tuple(sorted(_roles(each, books, people))),
            **_fields(each, books),
        )
        for each in new
    )  # fmt: skip


def _roles(policy: PolicyTold, books: Books, people: Mirrored) -> set[tuple[int, str]]:
    return {(people.ids[books.number_of(customer)], role) for customer, role in policy.roles}


def _fields(policy: PolicyTold, books: Books) -> dict[str, Any]:
    """What is said of the policy, as its columns in the database."""
    says = policy.says
    found = {name: says[name] for name in PLAIN if name in says}
    for name, rows in (("product", books.products), ("agent", books.agents), ("branch", books.branches)):
        if name in says:
            said = folded(says[name]) if name == "branch" and says[name] else says[name]
            found[f"{name}_id"] = rows[said].pk if said else None
    return found


def _bring_up_to_date(
    known: Policy, told: PolicyTold, books: Books, people: Mirrored, at: datetime
) -> list[str]:  # fmt: skip
    """Change what differs; the names of the columns that did."""
    changed = {name: value for name, value in _fields(told, books).items() if getattr(known, name) != value}
    stands = {(each.customer_id, each.role): each.pk for each in known.roles.all()}
    wanted = _roles(told, books, people)
    gone, added = stands.keys() - wanted, sorted(wanted - stands.keys())
    names = [str(COLUMNS[name.removesuffix("_id")].title) for name in changed]
    if gone or added:
        names.append(str(COLUMNS["role"].title))
        PolicyRole.objects.filter(pk__in=[stands[each] for each in gone]).delete()
        PolicyRole.objects.bulk_create(PolicyRole(policy=known, customer_id=key, role=role) for key, role in added)
    if names:
        Policy.objects.filter(pk=known.pk).update(**changed, mirrored_at=at)
    if changed.get("delivered_on") and known.delivered_on is None:
        record(PolicyDelivered(subject=known.ref, delivered_on=changed["delivered_on"].isoformat()), at=at)
    return names


def _tell(
    policy: PolicyTold, result: str, changes: list[str], people: Mirrored, books: Books, report: Report
) -> None:  # fmt: skip
    """Note at each row what became of it."""
    result = REJECTED if policy.is_wrong else result
    report.policies[result] += 1
    for row in policy.rows:
        row.result = result
        if result == REJECTED:
            continue
        row.changes, number = [*changes], books.number_of(row.customer)
        if number in people.new:
            report.people.setdefault(number, NEW)
            row.changes.append(_("new customer"))
        elif number in people.changed:
            report.people.setdefault(number, CHANGED)
            row.changes += [str(COLUMNS[name].title) for name in people.changed[number]]
        elif number in people.erased:
            row.changes.append(_("This person was erased here; nothing personal is taken over."))
        if result == SAME and number in {*people.new, *people.changed}:
            row.result = CHANGED
