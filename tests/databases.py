"""A database of one's own, for tests that commit, hold transactions open or speak as several at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_numbers = count(1)


@contextmanager
def cloned() -> Iterator[str]:
    """Work in a copy of the migrated test database; what is committed there is gone afterwards.

    The record refuses to be emptied, so nothing is flushed: the copy is dropped.
    """
    template = connection.settings_dict["NAME"]
    name = f"{template}_{next(_numbers)}"
    quoted = connection.ops.quote_name
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = template
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted(name)} WITH (FORCE)")


@contextmanager
def another(**settings: str) -> Iterator[BaseDatabaseWrapper]:
    """Another connection to the same database, by somebody else if `USER` and `PASSWORD` are given."""
    other = connection.copy()
    other.settings_dict.update(settings)
    try:
        yield other
    finally:
        other.close()
