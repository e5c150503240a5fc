"""Mappings: which column of a file is what, how rows group into one complaint, how values translate."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from shouxin.core.guards import Refused
from shouxin.jurisdictions.packs import packs
from shouxin.tables.amounts import CODES
from shouxin.tables.parsing.cells import folded
from shouxin.tables.reading import Choices

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
KNOWN_ONE = ("opened", "closed", "state")
STATES = ("open", "closed")
OUTCOMES = ("upheld", "partly", "refused", "withdrawn", "")
TAKES = ("largest", "sum", "first")
DATES = ("day-first", "month-first", "republic")
SECTIONS = ("source", "file", "group", "one", "many", "amount", "subject", "values", "split")
IN_SOURCE = ("name", "title", "jurisdiction", "time_zone")
IN_FILE = ("encoding", "dates", "sheet", "head_row", "delimiter")
LONGEST = 80


class MappingProblem(Refused):
    """The mapping can't be used; the text says which line to mend."""


@dataclass(frozen=True)
class Amount:
    column: str
    take: str = "largest"
    currency: str = ""


@dataclass(frozen=True)
class Mapping:
    """A mapping read from TOML. `one` and `many` give field → column of the file."""

    name: str
    title: str
    jurisdiction: str
    key: str
    one: dict[str, str]
    many: dict[str, str]
    amounts: dict[str, Amount]
    subject_from: tuple[str, ...]
    states: dict[str, str]
    outcome_column: str
    outcomes: dict[str, str]
    zone: ZoneInfo | None = None
    columns: frozenset[str] = field(default_factory=frozenset)
    split: dict[str, str] = field(default_factory=dict)  # a field of many → what stands between its values
    choices: Choices = Choices()


class _Told:
    """What a mapping tells, asked piece by piece; whatever is of the wrong kind is said by its place."""

    def __init__(self, told: dict[str, Any], place: str = "") -> None:
        self.told, self.place = told, place

    def only(self, known: Iterable[str]) -> "_Told":
        if unknown := [name for name in self.told if name not in known]:
            raise MappingProblem(
                _("%(place)s does not know “%(name)s”. It may have: %(known)s.")
                % {"place": self.place or _("The mapping"), "name": unknown[0], "known": ", ".join(known)}
            )
        return self

    def table(self, name: str) -> "_Told":
        found, place = self.told.get(name, {}), f"[{name}]" if not self.place else f"{self.place[:-1]}.{name}]"
        if not isinstance(found, dict):
            raise MappingProblem(_("%(place)s must be a table of the mapping.") % {"place": place})
        return _Told(found, place)

    def text(self, name: str, usual: str = "", longest: int = LONGEST) -> str:
        found = self.told.get(name, usual)
        if not isinstance(found, str) or len(found) > longest or "\x00" in found:
            raise MappingProblem(
                _("%(place)s %(name)s must be a text in quotation marks, up to %(longest)s characters.")
                % {"place": self.place, "name": name, "longest": longest}
            )
        return found.strip()

    def texts(self, *, without: tuple[str, ...] = (), longest: int = 200) -> dict[str, str]:
        return {name: self.text(name, longest=longest) for name in self.told if name not in without}

    def choice(self, name: str, known: Iterable[str], usual: str) -> str:
        if (found := self.text(name, usual)) not in known:
            raise MappingProblem(
                _("%(place)s %(name)s is “%(value)s”; it may be: %(known)s.")
                % {"place": self.place, "name": name, "value": found, "known": ", ".join(filter(None, known))}
            )
        return found


def parse_mapping(text: str, name: str = "") -> Mapping:
    """Read a mapping. Raises MappingProblem naming what is missing or unknown."""
    try:
        told = _Told(tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))).only(SECTIONS)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise MappingProblem(_("The mapping is not valid TOML: %(problem)s") % {"problem": problem}) from None
    source, values = told.table("source").only(IN_SOURCE), told.table("values").only(("state", "outcome"))
    one, many = told.table("one").only(KNOWN_ONE).texts(), told.table("many").texts()
    key, outcome = told.table("group").only(("key",)).text("key", longest=200), values.table("outcome")
    for needed, there in (("[group] key", key), ("[one] opened", one.get("opened"))):
        if not there:
            raise MappingProblem(_("The mapping lacks %(name)s.") % {"name": needed})
    column = outcome.text("column", longest=200)
    amounts = _amounts(told.table("amount"))
    split = told.table("split").only(many).texts()
    columns = {key, *one.values(), *many.values(), *(each.column for each in amounts.values()), column} - {""}
    return Mapping(
        name=source.text("name") or name[:LONGEST] or "file", jurisdiction=_jurisdiction(source), key=key,
        title=source.text("title") or source.text("name") or name[:LONGEST] or "file", one=one, many=many,
        amounts=amounts, subject_from=_subject(told.table("subject"), many),
        states={folded(each): values.table("state").choice(each, STATES, "") for each in values.table("state").told},
        outcome_column=column, zone=_zone(source), columns=frozenset(columns),
        outcomes={folded(each): outcome.choice(each, OUTCOMES, "") for each in outcome.told if each != "column"},
        split={field: mark for field, mark in split.items() if mark}, choices=_choices(told.table("file")),
    )  # fmt: skip


def _amounts(told: _Told) -> dict[str, Amount]:
    found = {}
    for name in told.only(("recovery",)).told:
        about = told.table(name).only(("column", "take", "currency"))
        column, currency = about.text("column", longest=200), about.text("currency").upper()
        if not column:
            raise MappingProblem(_("The mapping lacks %(name)s.") % {"name": f"{about.place} column"})
        if currency and currency not in CODES:
            raise MappingProblem(
                _("%(place)s currency is “%(value)s”; write its three letters.")
                % {"place": about.place, "value": currency}
            )
        found[name] = Amount(column, about.choice("take", TAKES, "largest"), currency)
    return found


def _subject(told: _Told, many: dict[str, str]) -> tuple[str, ...]:
    given = told.only(("from",)).told.get("from", [])
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise MappingProblem(_('[subject] from must be a list of fields, as ["reason"].'))
    if unknown := [each for each in given if each not in many]:
        raise MappingProblem(_("[subject] from names “%(name)s”, which [many] lacks.") % {"name": unknown[0]})
    return tuple(given)


def _jurisdiction(source: _Told) -> str:
    known = {pack.code.casefold(): pack.code for pack in packs() if pack.code != "company"}
    given = source.text("jurisdiction", "none")
    if (found := known.get(given.casefold())) is None:
        raise MappingProblem(
            _("%(place)s %(name)s is “%(value)s”; it may be: %(known)s.")
            % {"place": "[source]", "name": "jurisdiction", "value": given, "known": ", ".join(known.values())}
        )
    return found


def _zone(source: _Told) -> ZoneInfo | None:
    if not (name := source.text("time_zone")):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise MappingProblem(_("There is no time zone “%(name)s”.") % {"name": name}) from None


def _choices(told: _Told) -> Choices:
    row = told.only(IN_FILE).told.get("head_row", 0)
    if not isinstance(row, int) or isinstance(row, bool) or not 0 <= row <= 20:
        raise MappingProblem(_("[file] head_row must be a number from 1 to 20."))
    delimiter = told.told.get("delimiter", "")
    if not isinstance(delimiter, str) or len(delimiter) > 1:
        raise MappingProblem(_("[file] delimiter must be one character."))
    return Choices(
        told.text("encoding"), told.choice("dates", ("", *DATES), ""), told.text("sheet"), delimiter, row
    )  # fmt: skip


def decoded(content: bytes) -> str:
    """The text of a mapping file. Raises MappingProblem where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise MappingProblem(_("Line %(line)s of the mapping is not UTF-8.") % {"line": line}) from None


def load_mapping(path: str | Path) -> Mapping:
    """A mapping from a file, or one that is shipped, by its bare name (`regulator_files.toml`)."""
    found = Path(path)
    if not found.is_file():
        found = SHIPPED / found.name
    if not found.is_file():
        shipped = ", ".join(sorted(p.name for p in SHIPPED.glob("*.toml")))
        raise MappingProblem(
            _("There is no mapping %(path)s. Included are: %(shipped)s.") % {"path": path, "shipped": shipped}
        )
    return parse_mapping(decoded(found.read_bytes()), found.stem)
