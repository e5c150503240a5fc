"""Loading many customers at once by COPY: the example insurer and imports. Records nothing: the caller does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from shouxin.core.sorting import sort_key
from shouxin.customers.models import ContactPoint, Customer
from shouxin.customers.queries import search_words

_CUSTOMERS = """COPY customers_customer (id, number, kind, name, name_sort, id_number, birth_on, gender, language,
branch_id, registered_at, words) FROM STDIN"""
_CONTACTS = "COPY customers_contactpoint (customer_id, kind, value, is_preferred, is_valid) FROM STDIN"


@dataclass(frozen=True)
class CustomerRow:
    number: str
    name: str
    registered_at: datetime
    kind: str = "person"
    id_number: str = ""
    birth_on: date | None = None
    gender: str = ""
    language: str = "zh-hant"
    branch_id: int | None = None
    contacts: tuple[tuple[str, str], ...] = ()  # (kind, value); the first of a kind is preferred


def ids(table: str, count: int) -> list[int]:
    """`count` fresh primary keys of a table, so that children can be loaded without reading back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def copy_customers(rows: Iterable[CustomerRow]) -> list[int]:
    """COPY customers with contacts and search words; returns their ids, in the order of `rows`."""
    rows = list(rows)
    keys = ids("customers_customer", len(rows))
    with connection.cursor() as cursor:
        with cursor.copy(_CUSTOMERS) as copy:
            for key, row in zip(keys, rows, strict=True):
                copy.write_row(_customer(key, row))
        with cursor.copy(_CONTACTS) as copy:
            for key, row in zip(keys, rows, strict=True):
                kinds = [kind for kind, _value in row.contacts]
                for place, (kind, value) in enumerate(row.contacts):
                    copy.write_row((key, kind, value, kinds.index(kind) == place, True))
    return keys


def _customer(key: int, row: CustomerRow) -> tuple:
    customer = Customer(number=row.number, name=row.name, id_number=row.id_number)
    words = search_words(customer, [ContactPoint(kind=k, value=v, is_valid=True) for k, v in row.contacts])
    return (
        key, row.number, row.kind, row.name, sort_key(row.name), row.id_number, row.birth_on, row.gender, row.language,
        row.branch_id, row.registered_at, words,
    )  # fmt: skip
