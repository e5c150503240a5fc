"""A database of one's own, for tests that commit, hold transactions open or speak as several at once.

Django would flush after a test that commits; our triggers refuse that, and they are never off. So here
`django_db(transaction=True)` and `transactional_db` also mean: a clone, dropped afterwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from asgiref.sync import SyncToAsync
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

_numbers = count(1)
_open: list = []


@contextmanager
def cloned() -> Iterator[str]:
    """Work in a copy of the migrated test database; what is committed there is gone afterwards.

    The record refuses to be emptied, so nothing is flushed: the copy is dropped.
    """
    template = connection.settings_dict["NAME"]
    name = f"{template}_{next(_numbers)}"
    quoted = connection.ops.quote_name
    _close_all()
    with connection._nodb_cursor() as cursor:
        # What an earlier test left open (a worker's pool, a thread's connection) would hold the template.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template])
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        _close_all()
        connection.settings_dict["NAME"] = template
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted(name)} WITH (FORCE)")


def _close_all() -> None:
    """Close the connections of this thread, and of the one in which asgiref runs what a worker calls.

    That thread lives as long as the process: it would go on with a connection to a copy that was dropped.
    """
    connections.close_all()
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@contextmanager
def another(**settings: str) -> Iterator[BaseDatabaseWrapper]:
    """Another connection to the same database, by somebody else if `USER` and `PASSWORD` are given."""
    other = connection.copy()
    other.settings_dict.update(settings)
    try:
        yield other
    finally:
        other.close()


_COLUMNS = """SELECT quote_ident(table_name), quote_ident(column_name) FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea')
AND table_name NOT IN (SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = oid)
AND table_name NOT IN (SELECT viewname FROM pg_views) ORDER BY 1, 2"""


def stored_anywhere(text: str) -> list[str]:
    """Every column of the database, and every file of the home but the database's own, in which this text lies."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column in cursor.fetchall():
            # Bytes are written as their hexadecimal digits.
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM {table} WHERE strpos({column}::text, %s) > 0"
                f" OR strpos({column}::text, %s) > 0)",
                [text, text.encode().hex()],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    own = settings.HOME / "postgres"
    files = (path for path in settings.HOME.rglob("*") if path.is_file() and own not in path.parents)
    return found + [str(path) for path in files if text.encode() in path.read_bytes()]


def database_url() -> str:
    """The URL of the database this process speaks to now, for processes that a test starts."""
    place = connection.settings_dict
    host = f"host={place['HOST']}&port={place['PORT'] or 5432}"
    return f"postgresql://{place['USER']}:{place['PASSWORD']}@/{place['NAME']}?{host}"


def _enter(cls: type[TransactionTestCase]) -> None:
    _open.append(cloned())
    _open[-1].__enter__()


def _leave(self: TransactionTestCase) -> None:
    _open.pop().__exit__(None, None, None)


TransactionTestCase._fixture_setup = classmethod(_enter)
TransactionTestCase._fixture_teardown = _leave
