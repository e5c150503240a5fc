"""What seldom changes and is read all the time is kept in memory: offices and their hours, declared days, services.

The database says when it has changed: each such table has a stamp that a trigger renews in the transaction of the
change. So what is kept is exactly what a query would find, for the price of one small question::

    @kept("people_branch", "people_team")
    def offices() -> list[Branch]:
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, TypeVar

from django.db import connection
from django.db.models import ForeignKey, Model
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

T = TypeVar("T")
MOST = 500  # answers kept of one question, before all of them are forgotten
_ALL = "SELECT subject, stamp FROM core_stamp"
_READING: ContextVar[dict[str, Any] | None] = ContextVar("stamps of this reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it the stamps are asked for once, so that a page is one moment's view; own changes are seen at once."""
    if _READING.get() is not None:
        yield
        return
    stamps: dict[str, Any] = {}

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if stamps and not sql.startswith("SELECT") and any(table in sql for table in stamps):
            stamps.clear()
        return execute(sql, *rest)

    token = _READING.set(stamps)
    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        _READING.reset(token)


def stamps_of(tables: tuple[str, ...]) -> tuple[Any, ...]:
    """When these tables were last changed, as this transaction sees it; a table without a trigger is an error."""
    stamps = _READING.get()
    if not stamps:
        with connection.cursor() as cursor:
            cursor.execute(_ALL)
            found = dict(cursor.fetchall())
        if stamps is not None:
            stamps.update(found)
        stamps = found
    if unknown := set(tables) - stamps.keys():
        raise LookupError(f"{unknown} are not stamped: their migration calls core_stamp_changes()")
    return tuple(stamps[table] for table in tables)


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


class _FromMemory(ForwardManyToOneDescriptor):
    """Brings the related row from memory; a row of its own each time, so that nobody changes what others read."""

    def get_object(self, instance: Model) -> Model:
        model = self.field.remote_field.model
        values = _rows_of(model)().get(getattr(instance, self.field.attname))
        if values is None:
            return super().get_object(instance)
        return model.from_db(instance._state.db or "default", _columns(model), values)


class KeptForeignKey(ForeignKey):
    """To a small table that seldom changes and is stamped: never joined, read from memory instead.

    A list of fifty cases so has its services, teams and offices without a join, and a join less is a millisecond of
    planning less.
    """

    forward_related_accessor_class = _FromMemory

    def deconstruct(self) -> tuple:
        """To the database it is a foreign key like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _rows_of(model: type[Model]) -> Callable[[], dict[Any, tuple]]:
    @kept(model._meta.db_table)
    def rows() -> dict[Any, tuple]:
        columns = _columns(model)
        key = columns.index(model._meta.pk.attname)
        return {values[key]: values for values in model._base_manager.values_list(*columns)}

    return rows
