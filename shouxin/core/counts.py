"""Counts that stop: nobody needs to know whether it is 12,417 or 12,418."""

from django.db.models import QuerySet

LIMIT = 1000


def bounded(queryset: QuerySet, *, limit: int = LIMIT) -> str:
    """How many rows, as a text: "37", or "999+" from `limit` on. Never reads more than `limit` index entries."""
    found = queryset.order_by()[:limit].count()
    return f"{limit - 1}+" if found >= limit else str(found)
