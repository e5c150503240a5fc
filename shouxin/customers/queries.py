"""Finding customers; and all numbers under which one customer is known."""

import re
import unicodedata
from collections.abc import Iterable

from django.db import connection

from shouxin.core.text import bigrams
from shouxin.customers.models import ContactPoint, Customer, CustomerQuerySet
from shouxin.customers.phones import phone_digits
from shouxin.people.models import Staff

_ALL_OF_ONE = """
WITH RECURSIVE one AS (
  SELECT id FROM customers_customer WHERE id = %s
  UNION SELECT c.id FROM customers_customer c JOIN one ON c.merged_into_id = one.id
) SELECT id FROM one ORDER BY id
"""


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
