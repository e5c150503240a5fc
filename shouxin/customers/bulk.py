"""Loading many customers at once by COPY: the example insurer and imports. Records nothing: the caller does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shouxin.core.copying import copy_rows, fresh_ids, sequence_of
from shouxin.core.sorting import sort_key
from shouxin.customers.models import ContactPoint, Customer
from shouxin.customers.queries import search_words

_CUSTOMERS = (
    "id", "number", "kind", "name", "name_sort", "id_number", "birth_on", "gender", "language", "branch_id",
    "registered_at", "words",
)  # fmt: skip
_CONTACTS = ("customer_id", "kind", "value", "is_preferred", "is_valid")


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


def copy_customers(rows: Iterable[CustomerRow]) -> list[int]:
    """COPY customers with contacts and search words; returns their ids, in the order of `rows`."""
    rows = list(rows)
    keys = fresh_ids(sequence_of("customers_customer"), len(rows))
    numbered = list(zip(keys, rows, strict=True))
    copy_rows("customers_customer", _CUSTOMERS, (_customer(key, row) for key, row in numbered))
    copy_rows("customers_contactpoint", _CONTACTS, (each for key, row in numbered for each in _contacts(key, row)))
    return keys


def _contacts(key: int, row: CustomerRow) -> list[tuple]:
    kinds = [kind for kind, _value in row.contacts]
    return [(key, kind, value, kinds.index(kind) == place, True) for place, (kind, value) in enumerate(row.contacts)]


def _customer(key: int, row: CustomerRow) -> tuple:
    customer = Customer(number=row.number, name=row.name, id_number=row.id_number)
    words = search_words(customer, [ContactPoint(kind=k, value=v, is_valid=True) for k, v in row.contacts])
    return (
        key, row.number, row.kind, row.name, sort_key(row.name), row.id_number, row.birth_on, row.gender, row.language,
        row.branch_id, row.registered_at, words,
    )  # fmt: skip
