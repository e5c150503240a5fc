"""From rows to what they say: the values, and in words what could not be understood. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shouxin.people.tables import rows_under
from shouxin.policies.importing.columns import CLEAR, COLUMNS, NEEDED, OF_PERSON, OF_POLICY, Column, heads

MOST_ROWS = 200_000
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass
class Row:
    """One row: one person in one policy. `says` has what stands in it; an empty cell says nothing."""

    number: int
    says: dict[str, Any]
    reasons: list[str] = field(default_factory=list)
    result: str = SAME
    changes: list[str] = field(default_factory=list)

    @property
    def policy(self) -> str:
        return self.says.get("policy", "")

    @property
    def customer(self) -> str:
        return self.says.get("customer", "")


@dataclass
class PolicyTold:
    """What all rows of one policy say together."""

    number: str
    rows: list[Row] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        return any(row.reasons for row in self.rows)

    @property
    def roles(self) -> set[tuple[str, str]]:
        """(customer number, role): the file names everybody who is anything in the policy."""
        return {(row.customer, row.says["role"]) for row in self.rows if "role" in row.says}


@dataclass
class Told:
    """What a whole file says: its policies in their order, its customers and its products by number and code."""

    policies: list[PolicyTold]
    people: dict[str, dict[str, Any]]
    products: dict[str, dict[str, Any]]
    rows: list[Row]


def read(filename: str, content: bytes, *, most: int = MOST_ROWS) -> Told:
    """Everything the file says. Raises Refused when it is no table of policies."""
    rows = rows_under(heads(), filename, content, needed=NEEDED, most=most)
    return gather(_row(number, texts) for number, texts in enumerate(rows, start=2) if any(texts.values()))


def _row(number: int, texts: dict[str, str]) -> Row:
    row = Row(number, {})
    for name, column in COLUMNS.items():
        text = texts.get(name, "")
        if text == CLEAR and column.is_clearable:
            row.says[name] = None
        elif text:
            _understand(row, column, text)
        elif column.need == "always":
            row.reasons.append(_("%(column)s is missing.") % {"column": column.title})
    return row


def _understand(row: Row, column: Column, text: str) -> None:
    try:
        row.says[column.name] = column.read(text)
    except ValueError:
        told = {"column": column.title, "text": text[:40]}
        # What is personal is not repeated in a report.
        if column.is_personal:
            row.reasons.append(_("%(column)s can't be understood.") % told)
        else:
            row.reasons.append(_("%(column)s can't be understood: “%(text)s”.") % told)


def gather(rows: Iterable[Row]) -> Told:
    """Put together what is said of each policy, person and product; who contradicts an earlier row is wrong."""
    told, policies = Told([], {}, {}, []), {}
    said_in: dict[tuple[str, tuple[str, str]], Row] = {}
    for row in rows:
        told.rows.append(row)
        policy = policies.setdefault(row.policy, PolicyTold(row.policy))
        policy.rows.append(row)
        _add(row, OF_POLICY, policy.says, said_in, ("policy", row.policy))
        if row.customer:
            _add(row, OF_PERSON[2:], told.people.setdefault(row.customer, {}), said_in, ("person", row.customer))
        if code := row.says.get("product"):
            product = told.products.setdefault(code, {})
            product |= {name: row.says[name] for name in ("product_name", "line") if name in row.says}
    told.policies = list(policies.values())
    return told


def _add(row: Row, columns: Iterable[Column], known: dict[str, Any], said_in: dict, about: tuple[str, str]) -> None:
    for column in columns:
        if column.name not in row.says:
            continue
        value = row.says[column.name]
        first = said_in.setdefault((column.name, about), row)
        if known.setdefault(column.name, value) != value:
            row.reasons.append(
                _("%(column)s is not the same as in row %(row)s.") % {"column": column.title, "row": first.number}
            )
