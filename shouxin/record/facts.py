"""Facts: what happened in service, typed, frozen, never edited.

A room declares its facts as frozen dataclasses of `Fact`. Who, for whom, where and under which rule are
the same for all of them and become columns; further fields are a fact's own and become its `data`.
"""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, get_args, get_type_hints

from shouxin.core.audience import Audience
from shouxin.core.money import Money
from shouxin.core.refs import Ref

DIMENSIONS = ("team", "post", "branch", "channel", "service", "stage", "product", "jurisdiction", "rule", "outcome")
QUANTITIES = ("seconds", "working_seconds")
REFERENCES = ("subject", "person", "actor")

KINDS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every fact says. `seconds` are of the wall clock, `working_seconds` of the calendar that applied.

    `measured` names the own fields that become columns of the relation `facts`, which indicators select from.
    """

    audience: ClassVar[Audience] = Audience.STAFF
    version: ClassVar[int] = 1
    measured: ClassVar[tuple[str, ...]] = ()

    subject: Ref
    person: Ref | None = None
    actor: Ref | None = None
    team: str = ""
    post: str = ""
    branch: str = ""
    channel: str = ""
    service: str = ""
    stage: str = ""
    product: str = ""
    jurisdiction: str = ""
    rule: str = ""
    outcome: str = ""
    seconds: int | None = None
    working_seconds: int | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, kind in cls.__annotations__.items():
            if {Decimal, float} & {kind, *get_args(kind)}:
                raise TypeError(f"{cls.__name__}.{name} can't be spelled: a sum is Money, other numbers are whole")
        if KINDS.setdefault(cls.__name__, cls).__module__ != cls.__module__:
            raise TypeError(f"two facts are called {cls.__name__}")

    @property
    def kind(self) -> str:
        return type(self).__name__

    def data(self) -> dict[str, Any]:
        """The fields that only this kind has."""
        values = ((name, getattr(self, name)) for name in own_fields(type(self)))
        return {name: _plain(value) for name, value in values}


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.as_json()
    return str(value) if isinstance(value, Ref) else value


@cache
def own_fields(kind: type[Fact]) -> tuple[str, ...]:
    """The names of the fields that only this kind of fact has."""
    shared = {*DIMENSIONS, *QUANTITIES, *REFERENCES}
    return tuple(field.name for field in fields(kind) if field.name not in shared)


def defaults_of(kind: str) -> dict[str, Any]:
    """What the own fields of this kind of fact say where nothing is said, as they would be recorded."""
    if kind not in KINDS:
        return {}
    own = [field for field in fields(KINDS[kind]) if field.name in own_fields(KINDS[kind])]
    said = {field.name: field.default for field in own if field.default is not MISSING}
    made = {field.name: field.default_factory() for field in own if field.default_factory is not MISSING}
    return {name: _plain(value) for name, value in (said | made).items()}


def measured_fields(kinds: Iterable[type[Fact]]) -> dict[str, type]:
    """The columns that these facts declare by `measured`, in order of their names: each bool, int or str.

    Raises TypeError for a field of another type, and where two facts disagree on one.
    """
    found: dict[str, type] = {}
    for kind in kinds:
        for name in kind.measured:
            column = _column_type(kind, name)
            if found.setdefault(name, column) is not column:
                raise TypeError(f"{kind.__name__}.{name} is {column.__name__}, elsewhere {found[name].__name__}")
    return dict(sorted(found.items()))


_COLUMNS = {bool: bool, int: int, str: str, Ref: str}


def _column_type(kind: type[Fact], name: str) -> type:
    if name not in own_fields(kind):
        raise TypeError(f"{kind.__name__} has no field {name} of its own")
    said = get_type_hints(kind)[name]
    column = _COLUMNS.get(said) or _COLUMNS.get(next((each for each in get_args(said) if said == each | None), None))
    if column is None:
        raise TypeError(f"{kind.__name__}.{name} can't be a column: bool, int, str and Ref can")
    return column


@dataclass(frozen=True, kw_only=True)
class FactWithdrawn(Fact):
    """A fact that should not have been recorded; the one it names no longer counts.

    Read by those who could read that one: a withdrawal must not give away what was withdrawn.
    """

    reason: str
    read_by: str

    @property
    def audience(self) -> Audience:  # type: ignore[override]
        return Audience(self.read_by)


@dataclass(frozen=True, kw_only=True)
class ContentErased(Fact):
    """Personal content of facts was erased; the facts themselves stay and still verify."""

    audience: ClassVar[Audience] = Audience.COMPLIANCE

    facts: list[int]
    reason: str
