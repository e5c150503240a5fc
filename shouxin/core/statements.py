"""What every page asks is worked out once: a queryset becomes SQL at its first use, from then on it is given values.

Building a queryset and compiling it costs three times what the database needs to answer it::

    @stated
    def touches(case, facts):
        return Touch.objects.filter(case=case, fact__any_of=facts).select_related("by")

    touches(case=4517, facts=[1, 2, 3])  # a list of Touch

The function is called once, with placeholders; what it leaves out or asks for must not depend on the values. What it
does depend on are its keyword-only parameters: each of their values is a statement of its own, so they are few.
"""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from inspect import signature
from itertools import repeat
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError


class Given(Expression):
    """Stands for a value that is given when the statement is asked."""

    conditional = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list["Given"]]:
        return "%s", [self]


def filled(places: Iterable[Any], values: dict[str, Any]) -> list[Any]:
    """The parameters of a statement, each value in its place."""
    return [values[each.name] if isinstance(each, Given) else each for each in places]


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`code__any_of=[…]`: like `__in`, but one SQL whatever the number of values, so that it is prepared only once."""

    lookup_name, prepare_rhs = "any_of", False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list]:
        return "%s", [list(value)]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        left, held = self.process_lhs(compiler, connection)
        right, given = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*held, *given]


class Stated:
    """A function's queryset as a statement; called with values it returns the rows as a list, models or tuples."""

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        known = signature(build).parameters.values()
        self.build = build
        self.names = tuple(each.name for each in known if each.kind != each.KEYWORD_ONLY)
        self.shape = tuple(each.name for each in known if each.kind == each.KEYWORD_ONLY)
        self._made: dict[tuple, _Compiled] = {}
        update_wrapper(self, build)

    def __call__(self, **values: Any) -> list[Any]:
        shape = tuple(values[name] for name in self.shape)
        made = self._made.get(shape)
        if made is None:
            given = {name: Given(name) for name in self.names}
            made = self._made[shape] = _Compiled(self.build(**given, **dict(zip(self.shape, shape, strict=True))))
        return made.rows(values)

    def first(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self(**values)), None)


def stated(build: Callable[..., QuerySet]) -> Stated:
    """Work the statement of this function out once; see the module."""
    return Stated(build)


class _Compiled:
    """SQL with the places of its values, and how a row becomes what the queryset would have made of it."""

    def __init__(self, queryset: QuerySet) -> None:
        if queryset._prefetch_related_lookups:
            raise TypeError("what is prefetched is a statement of its own")
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.sql, self.places = compiler.as_sql()
        except EmptyResultSet:  # `.none()` in this shape: nothing to ask
            self.sql = ""
            return
        self.locks = queryset.query.select_for_update
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])
        self.convert = compiler.apply_converters
        self.makes = None
        if issubclass(queryset._iterable_class, ModelIterable):
            told = compiler.klass_info
            first, last = told["select_fields"][0], told["select_fields"][-1] + 1
            names = [column.target.attname for column, *_ in compiler.select[first:last]]
            others = get_related_populators(told, compiler.select, DEFAULT_DB_ALIAS)
            extra = sorted(compiler.annotation_col_map.items())
            self.makes = (told["model"], slice(first, last), names, others, extra)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        if not self.sql:
            return []
        if self.locks and connection.get_autocommit():
            raise TransactionManagementError("rows are locked only within a transaction")
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled(self.places, values))
            found = cursor.fetchall()
        if self.converters:
            found = list(map(tuple, self.convert(found, self.converters)))
        if self.makes is None:
            return found
        return list(map(self._made, found, repeat(self.makes)))

    @staticmethod
    def _made(row: tuple, how: tuple) -> Any:
        model, own, names, others, extra = how
        made = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
        for populate in others:
            populate.populate(row, made)
        for name, column in extra:
            setattr(made, name, row[column])
        return made
