"""Mappings: which column of a file is what, how rows group into one complaint, how values translate."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
REQUIRED_ONE = ("opened",)
KNOWN_ONE = ("opened", "closed", "state")
STATES = ("open", "closed")
OUTCOMES = ("upheld", "partly", "refused", "withdrawn", "")


class MappingProblem(ValueError):
    """The mapping can't be used; the text says which line to mend."""


@dataclass(frozen=True)
class Amount:
    column: str
    take: str = "largest"  # largest | sum | first
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


def _section(read: dict[str, Any], name: str) -> dict[str, Any]:
    section = read.get(name, {})
    if not isinstance(section, dict):
        raise MappingProblem(_("[%(name)s] must be a table of the mapping.") % {"name": name})
    return section


def _zone(source: dict[str, Any]) -> ZoneInfo | None:
    if not (name := source.get("time_zone")):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise MappingProblem(_("There is no time zone “%(name)s”.") % {"name": name}) from None


def parse_mapping(text: str, name: str = "") -> Mapping:
    """Read a mapping. Raises MappingProblem naming what is missing or unknown."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise MappingProblem(_("The mapping is not valid TOML: %(problem)s") % {"problem": problem}) from None
    source, one, many = _section(read, "source"), _section(read, "one"), _section(read, "many")
    values, key = _section(read, "values"), _section(read, "group").get("key", "")
    outcome = dict(values.get("outcome", {}))
    for name_needed, there in (("[group] key", key), ("[one] opened", one.get("opened"))):
        if not there:
            raise MappingProblem(_("The mapping lacks %(name)s.") % {"name": name_needed})
    if unknown := [name for name in one if name not in KNOWN_ONE]:
        raise MappingProblem(_("[one] does not know “%(name)s”.") % {"name": unknown[0]})
    outcome_column = outcome.pop("column", "")
    amounts = {name: Amount(**about) for name, about in _section(read, "amount").items()}
    _check_values(values.get("state", {}), STATES, "state")
    _check_values(outcome, OUTCOMES, "outcome")
    columns = {key, *one.values(), *many.values(), *(a.column for a in amounts.values()), outcome_column} - {""}
    return Mapping(
        name=source.get("name") or name, title=source.get("title") or source.get("name") or name,
        jurisdiction=source.get("jurisdiction", "none"), key=key, one=dict(one), many=dict(many), amounts=amounts,
        subject_from=tuple(_section(read, "subject").get("from", ())), states=dict(values.get("state", {})),
        outcome_column=outcome_column, outcomes=outcome, zone=_zone(source), columns=frozenset(columns),
    )  # fmt: skip


def _check_values(table: dict[str, str], known: tuple[str, ...], name: str) -> None:
    for value in table.values():
        if value not in known:
            raise MappingProblem(
                _("[values.%(name)s] translates to “%(value)s”; it may be: %(known)s.")
                % {"name": name, "value": value, "known": ", ".join(k for k in known if k)}
            )


def load_mapping(path: str | Path) -> Mapping:
    """A mapping from a file, or one that is shipped, by its bare name (`regulator_files.toml`)."""
    found = Path(path)
    if not found.exists():
        found = SHIPPED / found.name
    if not found.exists():
        shipped = ", ".join(sorted(p.name for p in SHIPPED.glob("*.toml")))
        raise MappingProblem(
            _("There is no mapping %(path)s. Included are: %(shipped)s.") % {"path": path, "shipped": shipped}
        )
    return parse_mapping(found.read_text(encoding="utf-8"), found.stem)
