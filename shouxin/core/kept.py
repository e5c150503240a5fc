"""What seldom changes and is read all the time is kept in memory: offices and their hours, declared days, services.

The database says when it has changed: each such table has a stamp that a trigger renews in the transaction of the
change. So what is kept is exactly what a query would find, for the price of one small question::

    @kept("people_branch", "people_team")
    def offices() -> list[Branch]:
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
MOST = 500  # answers kept of one question, before all of them are forgotten
_STAMPS = "SELECT array_agg(stamp ORDER BY subject) FROM core_stamp WHERE subject = ANY(%s)"


def stamps_of(tables: tuple[str, ...]) -> tuple[Any, ...]:
    """When these tables were last changed, as this transaction sees it; a table without a trigger is an error."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMPS, [list(tables)])
        stamps = cursor.fetchone()[0] or []
    if len(stamps) != len(set(tables)):
        raise LookupError(f"not all of {tables} are stamped: their migration calls core_stamp_changes()")
    return tuple(stamps)


def kept(*tables: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep the answers of a function of plain arguments until one of these tables changes. Treat them as read only."""

    def wrap(find: Callable[..., T]) -> Callable[..., T]:
        known: dict[tuple, tuple[tuple, T]] = {}

        @wraps(find)
        def ask(*about: Any) -> T:
            stamps = stamps_of(tables)
            held = known.get(about)
            if held is not None and held[0] == stamps:
                return held[1]
            if len(known) >= MOST:
                known.clear()
            answer = find(*about)
            known[about] = (stamps, answer)
            return answer

        return ask

    return wrap
