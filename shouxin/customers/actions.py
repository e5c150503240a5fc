"""What staff do to a customer's record: one intention, one transaction, one fact."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from shouxin.core.clock import now
from shouxin.core.rights import require
from shouxin.core.sorting import sort_key
from shouxin.customers.facts import CustomerRegistered
from shouxin.customers.models import ContactPoint, Customer
from shouxin.customers.queries import search_words
from shouxin.customers.rules import REGISTER
from shouxin.people.models import Branch, Staff
from shouxin.record.recording import record

# The sequence of customer numbers runs through all years.
SEQUENCE = "number_k_00"


@dataclass(frozen=True)
class Person:
    """Who is to be registered, as told at the counter."""

    name: str
    kind: str = Customer.Kind.PERSON
    id_number: str = ""
    birth_on: date | None = None
    gender: str = ""
    language: str = "zh-hant"
    contacts: tuple[tuple[str, str], ...] = field(default=())  # (kind, value); the first of a kind is preferred


def customer_numbers(count: int) -> list[str]:
    """Fresh numbers: K-000123."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_numbers(%s, %s)", [SEQUENCE, count])
        return [f"K-{row[0]:06d}" for row in cursor.fetchall()]


@transaction.atomic
def register(person: Person, *, by: Staff | None, branch: Branch | None = None, at: datetime | None = None) -> Customer:
    """A new customer with the ways to reach him."""
    require(by is None or by.has(REGISTER))
    at = at or now()
    customer = Customer.objects.create(
        number=customer_numbers(1)[0], kind=person.kind, name=person.name.strip(), name_sort=sort_key(person.name),
        id_number=person.id_number.strip().upper(), birth_on=person.birth_on, gender=person.gender,
        language=person.language, branch=branch or (by.team.branch if by and by.team else None), registered_at=at,
    )  # fmt: skip
    seen: set[str] = set()
    for kind, value in person.contacts:
        customer.contact_points.create(kind=kind, value=value.strip(), is_preferred=kind not in seen)
        seen.add(kind)
    refresh_words(customer)
    record(
        CustomerRegistered(subject=customer.ref, person=customer.ref, customer_kind=customer.kind, **_who(by)), at=at
    )
    return customer


def refresh_words(customer: Customer) -> None:
    """Bring the search words in line with the row and its contacts; called inside every change."""
    customer.words = search_words(customer, ContactPoint.objects.filter(customer=customer))
    customer.save(update_fields=["words"])


def _who(by: Staff | None) -> dict[str, Any]:
    return {"actor": by.ref, **by.dims()} if by else {}
