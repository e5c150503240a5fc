"""Counts that stop: nobody needs to know whether it is 12,417 or 12,418."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

from shouxin.core.statements import filled

LIMIT = 1000


def bounded(queryset: QuerySet, *, limit: int = LIMIT) -> str:
    """How many rows, as a text: "37", or "999+" from `limit` on. Never reads more than `limit` index entries."""
    return _told(queryset.order_by()[:limit].count(), limit)


Sql = tuple[str, tuple[Any, ...]]


def bounded_sql(queryset: QuerySet, *, limit: int = LIMIT) -> Sql:
    """What `all_bounded` asks of a queryset, worked out once; `Given` values stay places."""
    try:
        sql, places = queryset.order_by().values("pk")[:limit].query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        sql, places = "SELECT WHERE false", ()
    return f"(SELECT count(*) FROM ({sql}) AS few)", tuple(places)


def all_bounded(questions: dict[str, Sql], *, limit: int = LIMIT, **values: Any) -> dict[str, str]:
    """Several bounded counts, by their names, in one statement; `values` go to their places."""
    places = [place for _sql, places in questions.values() for place in places]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for sql, _places in questions.values())}", filled(places, values))
        found = cursor.fetchone()
    return {name: _told(count, limit) for name, count in zip(questions, found, strict=True)}


def _told(found: int, limit: int) -> str:
    return f"{limit - 1}+" if found >= limit else str(found)
