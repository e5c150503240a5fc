"""Dates the database can hold and Python can't: a null date of another system must not stop the pages that read it."""

from datetime import UTC, date, datetime

from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import DataError
from psycopg.types.datetime import DateLoader

# Two days within what Python can hold, so that they stay there in every zone.
EARLIEST, LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


def _edge(data: bytes | bytearray | memoryview) -> datetime:
    text = bytes(data)
    return EARLIEST if text.endswith(b"BC") or text.startswith(b"-") else LATEST


class InstantLoader(BaseTzLoader):
    """An instant; one before the year 1 or after 9999 is the first or the last there is."""

    timezone = UTC

    def load(self, data):
        try:
            return super().load(data)
        except DataError:
            return _edge(data)


class DayLoader(DateLoader):
    """A day, likewise."""

    def load(self, data) -> date:
        try:
            return super().load(data)
        except DataError:
            return _edge(data).date()


def read_leniently(connection, **_about) -> None:
    """Every new connection reads dates this way."""
    if connection.vendor == "postgresql":
        connection.connection.adapters.register_loader("timestamptz", InstantLoader)
        connection.connection.adapters.register_loader("date", DayLoader)
