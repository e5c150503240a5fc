"""Customers as the core system tells them, known by their numbers; where it says nothing, nothing changes.

Whoever was erased here stays erased, and a way to reach somebody that staff have ended is not opened again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shouxin.core.sorting import sort_key
from shouxin.customers.actions import refresh_words, who
from shouxin.customers.bulk import CustomerRow, copy_customers
from shouxin.customers.facts import ContactChanged, CustomerChanged, CustomerRegistered
from shouxin.customers.forgetting import NOBODY
from shouxin.customers.models import ContactPoint, Customer
from shouxin.customers.phones import phone_digits
from shouxin.people.models import Staff
from shouxin.record.facts import Fact
from shouxin.record.recording import IMPORT, copy_facts, fact_ids, row_of

# What is said of a customer; contacts stand under their kind.
DETAILS = ("kind", "name", "id_number", "birth_on", "gender", "language")
CONTACTS = ("phone", "email", "address")
# Numbers that begin so are given by this house itself.
OWN = "K-"


@dataclass(frozen=True)
class Told:
    """What the core system says of one customer, as far as it says anything: DETAILS and CONTACTS."""

    number: str
    says: dict[str, Any]

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.says[name] for name in DETAILS if name in self.says}

    @property
    def contacts(self) -> tuple[tuple[str, str], ...]:
        return tuple((kind, self.says[kind]) for kind in CONTACTS if self.says.get(kind))


@dataclass
class Mirrored:
    """What became of them: every number with its row's id, and what was changed of whom."""

    ids: dict[str, int] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
    changed: dict[str, list[str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


def known_numbers(numbers: Iterable[str]) -> set[str]:
    return set(Customer.objects.filter(number__in=numbers).values_list("number", flat=True))


def mirror(told: Sequence[Told], *, by: Staff | None, at: datetime) -> Mirrored:
    """Take over what is told, in the caller's transaction. Each number is told of once."""
    rows = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(
        number__in=[each.number for each in told]
    )
    known = {row.number: row for row in rows.order_by("pk").prefetch_related("contact_points")}
    done, facts = Mirrored(ids={row.number: row.pk for row in known.values()}), []
    new = [each for each in told if each.number not in known]
    ids = copy_customers(
        CustomerRow(each.number, registered_at=at, contacts=each.contacts, **each.details) for each in new
    )
    for each, key in zip(new, ids, strict=True):
        done.ids[each.number] = key
        done.new.add(each.number)
        ref = Customer(pk=key).ref
        kind = each.says.get("kind", Customer.Kind.PERSON)
        facts.append(CustomerRegistered(subject=ref, person=ref, customer_kind=kind, **who(by)))
    for each in told:
        if (row := known.get(each.number)) is None:
            continue
        if row.name == NOBODY:
            done.erased.add(each.number)
        else:
            facts += _bring_up_to_date(row, each, done, by)
    _record(facts, at)
    return done


def _bring_up_to_date(row: Customer, told: Told, done: Mirrored, by: Staff | None) -> list[Fact]:
    changed = [name for name, value in told.details.items() if getattr(row, name) != value]
    added = [(kind, value) for kind, value in told.contacts if not _is_known(row, kind, value)]
    if not (changed or added):
        return []
    shared = {"subject": row.ref, "person": row.ref, **who(by)}
    facts: list[Fact] = [CustomerChanged(changed=sorted(changed), **shared)] if changed else []
    for name in changed:
        setattr(row, name, told.details[name])
    row.name_sort = sort_key(row.name)
    row.save(update_fields=[*changed, "name_sort"])
    for kind, value in added:
        row.contact_points.filter(kind=kind, is_preferred=True).update(is_preferred=False)
        row.contact_points.create(kind=kind, value=value, is_preferred=True)
        facts.append(ContactChanged(contact_kind=kind, change="added", **shared))
    refresh_words(row)
    done.changed[row.number] = [*changed, *(kind for kind, _value in added)]
    return facts


def _is_known(row: Customer, kind: str, value: str) -> bool:
    """Whether we know this way, or knew it before staff ended it."""
    return any(_way(kind, value) == _way(kind, each.value) for each in row.contact_points.all() if each.kind == kind)


def _way(kind: str, value: str) -> str:
    return phone_digits(value) if kind == ContactPoint.Kind.PHONE else value.strip().casefold()


def _record(facts: Sequence[Fact], at: datetime) -> None:
    copy_facts(row_of(fact, key, at, source=IMPORT) for fact, key in zip(facts, fact_ids(len(facts)), strict=True))
