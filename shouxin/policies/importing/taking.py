"""Taking over what a file says: each policy whole or not at all; the same file again changes nothing."""

from collections import Counter
from collections.abc import Sequence
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
from shouxin.policies.bulk import PolicyRow, copy_policies
from shouxin.policies.facts import PoliciesImported
from shouxin.policies.importing.checking import Books, check
from shouxin.policies.importing.columns import COLUMNS
from shouxin.policies.importing.reading import CHANGED, NEW, SAME, WRONG, PolicyTold, Row, Told
from shouxin.policies.models import Policy, PolicyRole, Product
from shouxin.policies.rules import IMPORT_POLICIES
from shouxin.record.recording import record

HOUSE = Ref("company", 1)
CHUNK = 2_000
# Held while a chunk is written, so that two imports at once follow one another.
LOCK = 7_201_455
PLAIN = ("state", "issued_on", "delivered_on", "ends_on", "premium", "sum_insured", "currency")


@dataclass
class Report:
    """What became of every row; of a trial, what would."""

    rows: list[Row]
    is_trial: bool
    policies: Counter = field(default_factory=Counter)
    people: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        people = Counter(self.people.values())
        return {
            "rows_read": len(self.rows), "rows_skipped": sum(row.result == WRONG for row in self.rows),
            "policies_new": self.policies[NEW], "policies_changed": self.policies[CHANGED],
            "policies_unchanged": self.policies[SAME], "policies_skipped": self.policies[WRONG],
            "customers_new": people[NEW], "customers_changed": people[CHANGED],
        }  # fmt: skip

    @property
    def changes_something(self) -> bool:
        return any(self.counts[name] for name in ("policies_new", "policies_changed", "customers_changed"))

    def sentence(self) -> str:
        return told_of(self.counts)


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


def take_over(told: Told, *, by: Staff | None, is_trial: bool = False, at: datetime | None = None) -> Report:
    """Write what can be taken over, chunk by chunk; a trial writes it too, and takes every chunk back."""
    require(by is None or by.has(IMPORT_POLICIES))
    at, report = at or now(), Report(told.rows, is_trial)
    for start in range(0, len(told.policies), CHUNK):
        with transaction.atomic():
            _take(told.policies[start : start + CHUNK], told, by, at, report)
            if is_trial:
                transaction.set_rollback(True)
    if not is_trial:
        with transaction.atomic():
            actor = {"actor": by.ref, **by.dims()} if by else {}
            record(PoliciesImported(subject=HOUSE, counts=report.counts, **actor), at=at)
    return report


def _take(chunk: Sequence[PolicyTold], told: Told, by: Staff | None, at: datetime, report: Report) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    books = Books.opened(chunk, told)
    for policy in chunk:
        check(policy, books)
    good = [policy for policy in chunk if not policy.is_wrong]
    numbers = sorted({row.customer for policy in good for row in policy.rows})
    people = mirror([PersonTold(number, told.people[number]) for number in numbers], by=by, at=at)
    _take_products(good, books)
    _create([policy for policy in good if policy.number not in books.policies], books, people, at)
    for policy in chunk:
        known = books.policies.get(policy.number)
        changes = [] if policy.is_wrong or known is None else _bring_up_to_date(known, policy, books, people, at)
        _tell(policy, NEW if known is None else CHANGED if changes else SAME, changes, people, report)


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
        PolicyRow(
            number=each.number, mirrored_at=at, roles=tuple(sorted(_roles(each, people))), **_fields(each, books)
        )
        for each in new
    )  # fmt: skip


def _roles(policy: PolicyTold, people: Mirrored) -> set[tuple[int, str]]:
    return {(people.ids[customer], role) for customer, role in policy.roles}


def _fields(policy: PolicyTold, books: Books) -> dict[str, Any]:
    """What is said of the policy, as its columns in the database."""
    says = policy.says
    found = {name: says[name] for name in PLAIN if name in says}
    for name, rows in (("product", books.products), ("agent", books.agents), ("branch", books.branches)):
        if name in says:
            found[f"{name}_id"] = rows[says[name]].pk if says[name] else None
    return found


def _bring_up_to_date(
    known: Policy, told: PolicyTold, books: Books, people: Mirrored, at: datetime
) -> list[str]:  # fmt: skip
    """Change what differs; the names of the columns that did."""
    changed = {name: value for name, value in _fields(told, books).items() if getattr(known, name) != value}
    stands = {(each.customer_id, each.role): each.pk for each in known.roles.all()}
    wanted = _roles(told, people)
    gone, added = stands.keys() - wanted, sorted(wanted - stands.keys())
    names = [str(COLUMNS[name.removesuffix("_id")].title) for name in changed]
    if gone or added:
        names.append(str(COLUMNS["role"].title))
        PolicyRole.objects.filter(pk__in=[stands[each] for each in gone]).delete()
        PolicyRole.objects.bulk_create(PolicyRole(policy=known, customer_id=key, role=role) for key, role in added)
    if names:
        Policy.objects.filter(pk=known.pk).update(**changed, mirrored_at=at)
    return names


def _tell(policy: PolicyTold, result: str, changes: list[str], people: Mirrored, report: Report) -> None:
    """Note at each row what became of it."""
    result = WRONG if policy.is_wrong else result
    report.policies[result] += 1
    for row in policy.rows:
        row.result = result
        if result == WRONG:
            continue
        row.changes = [*changes]
        if row.customer in people.new:
            report.people.setdefault(row.customer, NEW)
            row.changes.append(_("new customer"))
        elif row.customer in people.changed:
            report.people.setdefault(row.customer, CHANGED)
            row.changes += [str(COLUMNS[name].title) for name in people.changed[row.customer]]
        elif row.customer in people.erased:
            row.changes.append(_("This person was erased here; nothing personal is taken over."))
        if result == SAME and row.customer in {*people.new, *people.changed}:
            row.result = CHANGED
