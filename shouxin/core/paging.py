"""Keyset paging: the next page begins after the last row seen, however many rows there are."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Q, QuerySet

from shouxin.core.incoming import holds_nul


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str  # token of the page after this one, empty on the last
    has_previous: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return {"t": value.isoformat(), "d": not isinstance(value, datetime)}
    return str(value) if isinstance(value, Decimal) else value


def _value(plain: Any) -> Any:
    if isinstance(plain, dict):
        return date.fromisoformat(plain["t"]) if plain["d"] else datetime.fromisoformat(plain["t"])
    return plain


def token_of(row: Any, order: tuple[str, ...]) -> str:
    """Where a page ends: the row's place in the order, as an opaque text for the URL."""
    values = []
    for name in order:
        value: Any = row
        for step in name.lstrip("-").split("__"):
            value = getattr(value, step)
        values.append(_plain(value))
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def place_in(token: str) -> list[Any]:
    """The place a token names; none where there is no token, or a bad one."""
    try:
        read = json.loads(base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)))
        values = [_value(v) for v in read] if isinstance(read, list) else []
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return []
    return [] if holds_nul(value for value in values if isinstance(value, str)) else values


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    condition, equal = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        condition |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    return condition


def paged(rows: list[Any], order: tuple[str, ...], *, size: int = 50, has_previous: bool = False) -> Page:
    """A page of rows found already, in `order`: up to `size` + 1 of them, the last one tells of a next page."""
    following = token_of(rows[size - 1], order) if len(rows) > size else ""
    return Page(rows=rows[:size], next=following, has_previous=has_previous)


def keyset(queryset: QuerySet, order: tuple[str, ...], *, after: str = "", size: int = 50) -> Page:
    """One page of `queryset` in `order` (columns that are never null, the last one unique). A bad token starts anew."""
    queryset = queryset.order_by(*order)
    values = place_in(after)
    if values:
        try:
            rows = list(queryset.filter(_after(order, values))[: size + 1])
        except (ValueError, TypeError, KeyError, OverflowError, ValidationError, FieldError):
            values = []
    if not values:
        rows = list(queryset[: size + 1])
    return paged(rows, order, size=size, has_previous=bool(values))
