"""Counts that stop: nobody needs to know whether it is 12,417 or 12,418."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

LIMIT = 1000


def bounded(queryset: QuerySet, *, limit: int = LIMIT) -> str:
    """How many rows, as a text: "37", or "999+" from `limit` on. Never reads more than `limit` index entries."""
    return _told(queryset.order_by()[:limit].count(), limit)


def all_bounded(querysets: dict[str, QuerySet], *, limit: int = LIMIT) -> dict[str, str]:
    """The same of several, by their names, in one statement."""
    parts, values = [], []
    for queryset in querysets.values():
        try:
            sql, params = queryset.order_by().values("pk")[:limit].query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS few)")
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return {name: _told(count, limit) for name, count in zip(querysets, found, strict=True)}


def _told(found: int, limit: int) -> str:
    return f"{limit - 1}+" if found >= limit else str(found)
