"""How often something may be tried in a span of time: by an address, for an account, for a case.

Counted in the database, so that all processes and machines count together::

    if is_too_often(f"reset:{staff.pk}", at, most=3): …
"""

import hashlib
from datetime import datetime

from django.db import connection
from django.http import HttpRequest

_KNOCK = """
INSERT INTO core_knock AS k (door, span, count) VALUES (%s, %s, 1)
ON CONFLICT (door, span) DO UPDATE SET count = k.count + 1 RETURNING count
"""
_LIGHT_KNOCK = f"{_KNOCK}, set_config('synchronous_commit', 'off', true)"


def knock(door: str, at: datetime, *, span_seconds: int = 3600, may_be_lost: bool = False) -> int:
    """Count one knock at this door; returns how many there were in this span of time.

    One that `may_be_lost` with the power is not waited for; only outside of a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIGHT_KNOCK if may_be_lost else _KNOCK, [door, int(at.timestamp()) // span_seconds])
        return cursor.fetchone()[0]


def knocks(door: str) -> int:
    """How often this door was knocked at in all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(count), 0) FROM core_knock WHERE door = %s", [door])
        return cursor.fetchone()[0]


def forget_knocks(door: str) -> None:
    """Whoever showed that they may come in starts anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_knock WHERE door = %s", [door])


def is_too_often(door: str, at: datetime, *, most: int) -> bool:
    """Count one try, and tell whether it is one too many in this hour."""
    return knock(door, at) > most


def door_of_address(what: str, request: HttpRequest, at: datetime) -> str:
    """The door of everybody behind this address. Only a digest is kept, and that somebody was here in this hour."""
    address = request.META.get("REMOTE_ADDR", "")
    return f"{what}:" + hashlib.sha256(f"{address}:{at:%Y%m%d%H}".encode()).hexdigest()[:24]


def forget_old_knocks(at: datetime) -> int:
    """Spans of hours that are over count for nothing; what counts for good (unlocking a link) stays."""
    with connection.cursor() as cursor:
        over = int(at.timestamp()) // 3600 - 48
        cursor.execute(
            "DELETE FROM core_knock WHERE span < %s AND door NOT LIKE 'unlock:%%' AND door NOT LIKE 'set-aside:%%'",
            [over],
        )
        return cursor.rowcount
