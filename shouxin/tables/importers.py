"""What can be imported: each room says what its files hold; how they are read and shown is the same for all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import forms

from shouxin.core.rights import Right
from shouxin.tables.columns import Column
from shouxin.tables.reading import Choices

NEW, CHANGED, SAME, REJECTED, REMARK = "new", "changed", "same", "rejected", "remark"
Counts = dict[str, int]


@dataclass(frozen=True)
class Line:
    """What became of one row, for the report. Nothing personal but what its room may show there."""

    number: int
    key: str
    outcome: str
    notes: tuple[str, ...] = ()


@dataclass
class Work:
    """One run, as an importer sees it: what to read, and where to tell what became of it."""

    file: Path
    by: Any  # a member of staff; None on the command line
    is_trial: bool
    choices: Choices = field(default_factory=Choices)
    options: Mapping[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    done: int = 0  # pieces that an interrupted run wrote before
    counts: Counts = field(default_factory=dict)  # what it had counted then
    save: Callable[[Counts, int], None] = lambda counts, done: None  # in the transaction of a piece


@dataclass(frozen=True)
class Importer:
    """One kind of file. `run` yields the counts so far; its last are those of the whole file."""

    name: str
    title: Any
    about: Any
    right: Right
    run: Callable[[Work], Iterator[Counts]]
    sentence: Callable[[Counts], str]
    columns: Callable[[], Sequence[Column]] = lambda: ()
    accepted: Callable[[], Iterable[tuple[Any, Sequence[str]]]] = lambda: ()
    rules: Any = ""  # what holds for the whole file, for the page
    most_bytes: int = 5 << 20
    form: type[forms.Form] | None = None  # what is asked besides the file
    key_title: Any = ""


IMPORTERS: dict[str, Importer] = {}


def importer(given: Importer) -> Importer:
    """Register; in the room's door."""
    IMPORTERS[given.name] = given
    return given
