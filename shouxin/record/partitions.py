"""The months of the record: made ahead, so that no fact ever finds no place."""

from datetime import date, datetime

from shouxin.core.clock import now
from shouxin.record.sealing import owner_connection

AHEAD = 3


def _months(at: datetime, count: int) -> list[date]:
    first = at.year * 12 + at.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + count)]


def make_partitions(at: datetime) -> int:
    """Make this month's table and those of the next three; returns how many were missing."""
    made = 0
    with owner_connection().cursor() as cursor:
        for month in _months(at, AHEAD + 1):
            cursor.execute("SELECT record_make_partition(%s)", [month])
            made += cursor.fetchone()[0]
    return made


def missing_months(at: datetime | None = None) -> list[date]:
    """Of this month and the next, those that have no table: the health page says so before facts are refused."""
    months = _months(at or now(), 2)
    with owner_connection().cursor() as cursor:
        cursor.execute(
            "SELECT m FROM unnest(%s::date[]) AS m WHERE to_regclass('record_fact_' || to_char(m, 'YYYY_MM')) IS NULL",
            [months],
        )
        return [row[0] for row in cursor.fetchall()]
