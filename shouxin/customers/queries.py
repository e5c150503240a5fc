"""Finding customers; and all numbers under which one customer is known."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from shouxin.core.audience import Audience
from shouxin.core.phones import phone_digits
from shouxin.core.refs import Ref
from shouxin.core.text import bigrams
from shouxin.customers.models import ContactPoint, Customer, CustomerQuerySet, Representative, Scope
from shouxin.people.models import Function, Staff
from shouxin.people.sight import seen_by
from shouxin.record.queries import Entry, timeline_of_person

_ALL_OF_ONE = """
WITH RECURSIVE one AS (
  SELECT id FROM customers_customer WHERE id = %s
  UNION SELECT c.id FROM customers_customer c JOIN one ON c.merged_into_id = one.id
) SELECT id FROM one ORDER BY id
"""


class Twin(NamedTuple):
    """By what somebody may be recognised."""

    name: str
    id_number: str = ""
    birth_on: date | None = None
    phone: str = ""


def visible_to(staff: Staff) -> CustomerQuerySet:
    """Customers this person may find, without those merged into another."""
    return Customer.objects.visible_to(staff).standing()


def survivor(customer: Customer) -> Customer:
    """The customer to whom the pointers of merging lead; itself if there are none."""
    seen = {customer.pk}
    while customer.merged_into is not None and customer.merged_into_id not in seen:
        customer = customer.merged_into
        seen.add(customer.pk)
    return customer


def find(staff: Staff, text: str, *, limit: int = 8) -> list[Customer]:
    """For the search of the whole house: the first few that hold every word."""
    return list(visible_to(staff).matching(text).order_by("name_sort", "id")[:limit])


def twins_of(person: Twin, *, excluding: int = 0) -> list[Customer]:
    """Who is already here and may be the same: same identity number, or same name with same birthday or telephone."""
    same = Q(pk__in=[])
    if person.id_number:
        same |= Q(id_number=person.id_number)
    if person.birth_on:
        same |= Q(name=person.name, birth_on=person.birth_on)
    if digits := phone_digits(person.phone):
        same |= Q(name=person.name, words__contains=[digits])
    return list(Customer.objects.standing().filter(same).exclude(pk=excluding).order_by("number")[:5])


def history_of(customer: Customer, staff: Staff, *, limit: int = 40) -> list[Entry]:
    """What happened for this customer under any of its numbers, as this person may read it, the latest first.

    What happened in a case that he may not see is left out, as it is from his lists.
    """
    reader = Audience.COMPLIANCE if staff.is_function(Function.COMPLIANCE) else Audience.STAFF
    entries: dict[int, Entry] = {}
    for key in known_as(customer):
        for entry in timeline_of_person(Ref(Customer.ref_kind, key), reader, viewer=staff.ref, limit=limit * 3):
            entries[entry.id] = entry
    seen = seen_by(staff, {entry.subject for entry in entries.values()})
    told = [entry for entry in entries.values() if entry.subject in seen]
    return sorted(told, key=lambda entry: entry.place, reverse=True)[:limit]


def contacts_of(customer: Customer) -> QuerySet[ContactPoint]:
    """The valid ways to reach the customer, those of merged rows included; preferred ones first within a kind."""
    points = ContactPoint.objects.filter(customer__in=known_as(customer), is_valid=True)
    return points.order_by("kind", "-is_preferred", "pk")


def may_speak_for(customer: Customer, representative: Customer, scope: str, day: date) -> Representative | None:
    """The authority by which `representative` may do this for the customer on that day; None without one."""
    standing = Representative.objects.standing_on(day).filter(
        customer__in=known_as(customer), representative__in=known_as(representative), scope__in=[scope, Scope.ALL]
    )
    return standing.order_by("pk").first()


def known_as(customer: Customer) -> list[int]:
    """The ids of all rows that are this customer: its own and those merged into it. Filter by these."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_OF_ONE, [customer.pk])
        return [row[0] for row in cursor.fetchall()]


def number_words(values: Iterable[str]) -> list[str]:
    """Letters and digits of each value run together, in small letters."""
    joined = (re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", value).casefold())[:40] for value in values)
    return [word for word in dict.fromkeys(joined) if word]


def search_words(customer: Customer, contact_points: Iterable[ContactPoint]) -> list[str]:
    """What the customer is found by: name, number, identity number, telephones, mail, LINE; not the address."""
    points = [point for point in contact_points if point.is_valid and point.kind != ContactPoint.Kind.ADDRESS]
    phones = [phone_digits(point.value) for point in points if point.kind == ContactPoint.Kind.PHONE]
    texts = [customer.name, customer.number, *(p.value for p in points if p.kind != ContactPoint.Kind.PHONE)]
    words = [word for text in texts for word in bigrams(text)]
    return list(dict.fromkeys([*words, *number_words([customer.number, customer.id_number]), *phones]))
