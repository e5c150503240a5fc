"""What staff do to a customer's record: one intention, one transaction, one fact."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from shouxin.core.clock import day_of, now
from shouxin.core.rights import require
from shouxin.core.sorting import sort_key
from shouxin.customers.facts import CareNoted, ContactChanged, CustomerChanged, CustomerRegistered, PersonalDataShown
from shouxin.customers.models import CareNote, ContactPoint, Customer
from shouxin.customers.queries import contacts_of, known_as, search_words
from shouxin.customers.rules import REGISTER, SHOW_PERSONAL
from shouxin.people.models import Branch, Staff
from shouxin.record.recording import record

# The sequence of customer numbers runs through all years.
SEQUENCE = "number_k_00"


@dataclass(frozen=True)
class Personal:
    """What is otherwise masked."""

    id_number: str
    birth_on: date | None
    contacts: list[tuple[str, str]]


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
    record(CustomerRegistered(subject=customer.ref, person=customer.ref, customer_kind=customer.kind, **who(by)), at=at)
    return customer


@transaction.atomic
def change(customer: Customer, *, by: Staff, at: datetime | None = None, **details: Any) -> Customer:
    """Correct name, identity number, birthday, gender, language."""
    require(by.has(REGISTER))
    customer = locked(customer)
    changed = [name for name, value in details.items() if getattr(customer, name) != value]
    if not changed:
        return customer
    for name in changed:
        setattr(customer, name, details[name])
    customer.name_sort = sort_key(customer.name)
    customer.save(update_fields=[*changed, "name_sort"])
    refresh_words(customer)
    record(CustomerChanged(subject=customer.ref, person=customer.ref, changed=sorted(changed), **who(by)), at=at)
    return customer


@transaction.atomic
def add_contact(
    customer: Customer, *, by: Staff | None, kind: str, value: str, is_preferred: bool = False,
    at: datetime | None = None,
) -> ContactPoint:  # fmt: skip
    """A further way to reach the customer; one that is known already is only preferred."""
    require(by is None or by.has(REGISTER))
    customer = locked(customer)
    if is_preferred:
        customer.contact_points.filter(kind=kind, is_preferred=True).update(is_preferred=False)
    point, is_new = customer.contact_points.get_or_create(
        kind=kind, value=value.strip(), is_valid=True, defaults={"is_preferred": is_preferred}
    )
    if not is_new and is_preferred:
        point.is_preferred = True
        point.save(update_fields=["is_preferred"])
    refresh_words(customer)
    _tell_contact(customer, kind, "added" if is_new else "preferred", by, at)
    return point


@transaction.atomic
def end_contact(point: ContactPoint, *, by: Staff | None, at: datetime | None = None) -> None:
    """This way no longer reaches the customer; the row stays."""
    require(by is None or by.has(REGISTER))
    customer = locked(point.customer)
    ContactPoint.objects.filter(pk=point.pk).update(is_valid=False, is_preferred=False)
    refresh_words(customer)
    _tell_contact(customer, point.kind, "ended", by, at)


def _tell_contact(customer: Customer, kind: str, change: str, by: Staff | None, at: datetime | None) -> None:
    fact = ContactChanged(subject=customer.ref, person=customer.ref, contact_kind=kind, change=change, **who(by))
    record(fact, at=at)


@transaction.atomic
def show_personal(
    customer: Customer, *, by: Staff, reason: str, note: str = "", at: datetime | None = None
) -> Personal:
    """What is masked, for a stated reason: recorded, and readable by the customer too."""
    require(by.has(SHOW_PERSONAL))
    fact = PersonalDataShown(subject=customer.ref, person=customer.ref, what="identity,contacts", reason=reason,
                             **who(by))  # fmt: skip
    record(fact, at=at, content={"note": note} if note else None)
    return Personal(
        id_number=customer.id_number, birth_on=customer.birth_on,
        contacts=[(point.get_kind_display(), point.value) for point in contacts_of(customer)],
    )  # fmt: skip


@transaction.atomic
def note_care(
    customer: Customer, *, by: Staff, kind: str, text: str, until_on: date | None = None, at: datetime | None = None
) -> CareNote:
    """Something every officer should heed with this customer."""
    require(by.has(REGISTER))
    at = at or now()
    note = customer.care_notes.create(kind=kind, text=text, since_on=day_of(at), until_on=until_on, written_by=by)
    record(CareNoted(subject=customer.ref, person=customer.ref, care_kind=kind, change="written", **who(by)), at=at)
    return note


@transaction.atomic
def end_care(note: CareNote, *, by: Staff, at: datetime | None = None) -> None:
    require(by.has(REGISTER))
    at = at or now()
    CareNote.objects.filter(pk=note.pk).update(until_on=day_of(at) - timedelta(days=1))
    ref = note.customer.ref
    record(CareNoted(subject=ref, person=ref, care_kind=note.kind, change="ended", **who(by)), at=at)


def locked(customer: Customer) -> Customer:
    return Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk)


def refresh_words(customer: Customer) -> None:
    """Bring the search words in line with the row, those merged into it and the contacts; part of every change."""
    keys = known_as(customer)
    points = list(ContactPoint.objects.filter(customer__in=keys))
    rows = Customer.objects.filter(pk__in=keys).order_by("pk")
    words = [word for row in rows for word in search_words(row, [p for p in points if p.customer_id == row.pk])]
    Customer.objects.filter(pk=customer.pk).update(words=list(dict.fromkeys(words)))


def who(by: Staff | None) -> dict[str, Any]:
    """The actor of a fact and where he serves; nobody when the system did it."""
    return {"actor": by.ref, **by.dims()} if by else {}
