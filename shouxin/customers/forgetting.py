"""Erasing a person: the row stays as a number that policies and cases point to; what is personal goes."""

from shouxin.customers.actions import refresh_words
from shouxin.customers.models import CareNote, ContactPoint, Customer, Representative
from shouxin.customers.queries import known_as, survivor
from shouxin.record.erasing import Erasing

NOBODY = "–"


def forget(erasing: Erasing) -> None:
    """Erase our copies of a person whom the record erases, under all numbers merged into it; safe to run twice."""
    if erasing.person is None or erasing.person.kind != Customer.ref_kind:
        return
    customer = Customer.objects.select_related("merged_into").filter(pk=erasing.person.id).first()
    if customer is None:
        return
    keys = known_as(customer)
    Customer.objects.filter(pk__in=keys).update(
        name=NOBODY, name_sort="", id_number="", birth_on=None, gender="", words=[]
    )
    ContactPoint.objects.filter(customer__in=keys).delete()
    CareNote.objects.filter(customer__in=keys).delete()
    Representative.objects.filter(customer__in=keys).update(document=NOBODY)
    if customer.merged_into_id:
        refresh_words(survivor(customer))
