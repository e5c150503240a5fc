"""Erasing a person: the row stays as a number that policies and cases point to; what is personal goes."""

from collections.abc import Collection

from django.db.models import Q

from shouxin.core.refs import Ref
from shouxin.customers.models import CareNote, ContactPoint, Customer, Representative
from shouxin.customers.queries import known_as, survivor
from shouxin.record.erasing import Erasing

NOBODY = "–"


def same_person(refs: Collection[Ref]) -> list[Ref]:
    """All numbers that mean these customers: the one that goes on, and those merged into it."""
    ids = [ref.id for ref in refs if ref.kind == Customer.ref_kind]
    found = Customer.objects.select_related("merged_into").filter(pk__in=ids)
    return [Ref(Customer.ref_kind, key) for customer in found for key in known_as(survivor(customer))]


def known_words(erasing: Erasing) -> list[str]:
    """By what the person may be named elsewhere: names, identity numbers, telephones, addresses of mail."""
    keys = _keys(erasing)
    named = Customer.objects.filter(pk__in=keys).values_list("name", "id_number")
    points = ContactPoint.objects.filter(customer__in=keys).values_list("value", flat=True)
    return [word for pair in named for word in pair if word and word != NOBODY] + list(points)


def forget(erasing: Erasing) -> None:
    """Erase our copies of a person whom the record erases, under all numbers merged into it; safe to run twice."""
    if not (keys := _keys(erasing)):
        return
    Customer.objects.filter(pk__in=keys).update(
        name=NOBODY, name_sort="", id_number="", birth_on=None, gender="", words=[]
    )
    ContactPoint.objects.filter(customer__in=keys).delete()
    CareNote.objects.filter(customer__in=keys).delete()
    either = Q(customer__in=keys) | Q(representative__in=keys)
    Representative.objects.filter(either).update(document=NOBODY)


def _keys(erasing: Erasing) -> list[int]:
    return sorted(ref.id for ref in erasing.people if ref.kind == Customer.ref_kind)
