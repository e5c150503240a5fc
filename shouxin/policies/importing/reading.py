"""From rows to what they say together of policies, people and products. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shouxin.policies.importing.columns import COLUMNS, NEEDED, OF_PERSON, OF_POLICY, heads
from shouxin.policies.models import number_key
from shouxin.tables.amounts import currency_in
from shouxin.tables.columns import Column, Row, understand
from shouxin.tables.days import Manner
from shouxin.tables.importers import REJECTED, SAME
from shouxin.tables.parsing.cells import folded
from shouxin.tables.reading import Choices, Wanted, opened

MOST_ROWS = 200_000
ALL = tuple(COLUMNS.values())


@dataclass
class PolicyRow(Row):
    """One row: one person in one policy."""

    result: str = SAME
    changes: list[str] = field(default_factory=list)

    @property
    def policy(self) -> str:
        """By what the policy is known: capitals, hyphens and blanks of its number don't matter."""
        return number_key(self.says.get("policy", ""))

    @property
    def customer(self) -> str:
        return self.says.get("customer", "").casefold()


@dataclass
class PolicyTold:
    """What all rows of one policy say together. `number` as its first row writes it."""

    key: str
    number: str
    rows: list[PolicyRow] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        return any(row.reasons for row in self.rows)

    @property
    def roles(self) -> set[tuple[str, str]]:
        """(customer, role): the file names everybody who is anything in the policy."""
        return {(row.customer, row.says["role"]) for row in self.rows if "role" in row.says}


@dataclass
class Told:
    """What a whole file says: its policies in their order, its customers and products; all rows, remarks included."""

    policies: list[PolicyTold] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)  # customer → the number as it was written first
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: list[PolicyRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(file: Path, choices: Choices | None = None, *, most: int = MOST_ROWS) -> Told:
    """Everything the file says. Raises Refused when it is no table of policies."""
    days = [column.name for column in ALL if column.is_day]
    titles = {column.name: str(column.title) for column in ALL}
    with opened(file, Wanted(heads(), NEEDED, titles, days, "policy", most), choices) as table:
        told = gather(_row(row, table.manner) for row in table.rows())
        told.notes = table.notes
        return told


def _row(told: Row, manner: Manner) -> PolicyRow:
    row = PolicyRow(told.number, texts=told.texts, reasons=told.reasons, is_remark=told.is_remark)
    if row.is_remark:
        return row
    understand(row, ALL, manner)
    for name in ("premium", "sum_insured"):
        named = currency_in(row.texts.get(name, ""))
        if named and row.says.get("currency", named) != named:
            told_twice = {"column": COLUMNS[name].title, "one": named, "other": row.says["currency"]}
            row.reasons.append(_("%(column)s is in %(one)s, the currency %(other)s.") % told_twice)
    phone = folded(row.texts.get("phone", ""))
    if phone.isdecimal() and len(phone) == 9 and phone.startswith("9"):
        row.remarks.append(_("The telephone may have lost its leading zero."))
    return row


def gather(rows: Iterable[PolicyRow]) -> Told:
    """Put together what is said of each policy, person and product; who contradicts an earlier row is wrong."""
    told, policies = Told(), {}
    said_in: dict[tuple[str, tuple[str, str]], PolicyRow] = {}
    above: PolicyTold | None = None
    for row in rows:
        told.rows.append(row)
        if row.is_remark:
            continue
        if not row.policy:
            row.result = REJECTED
            _doubt(above, row)
            continue
        above = policies.setdefault(row.policy, PolicyTold(row.policy, row.says["policy"]))
        above.rows.append(row)
        _add(row, OF_POLICY[1:], above.says, said_in, ("policy", row.policy))
        if row.customer:
            told.written.setdefault(row.customer, row.says["customer"])
            _add(row, OF_PERSON[2:], told.people.setdefault(row.customer, {}), said_in, ("person", row.customer))
        if code := row.says.get("product"):
            product = told.products.setdefault(code, {})
            product |= {name: row.says[name] for name in ("product_name", "line") if name in row.says}
    for row in told.rows:
        if row.is_remark and (named := policies.get(number_key(folded(row.texts["policy"]).lstrip("#")))):
            _doubt_remark(named, row)
    told.policies = list(policies.values())
    return told


def _doubt(above: PolicyTold | None, row: PolicyRow) -> None:
    """A person below a policy, without a number: perhaps of that policy, so nobody may be taken off it."""
    if above is None or not row.customer or row.texts.get("policy"):
        return
    if all(above.says.get(column.name, value) == value for column, value in _about_policy(row)):
        above.rows[-1].reasons.append(
            _("Row %(row)s below it names a person but no policy; perhaps it belongs here.") % {"row": row.number}
        )


def _about_policy(row: PolicyRow) -> Iterable[tuple[Column, Any]]:
    return ((column, row.says[column.name]) for column in OF_POLICY if column.name in row.says)


def _doubt_remark(named: PolicyTold, row: PolicyRow) -> None:
    named.rows[-1].reasons.append(
        _("Row %(row)s begins with # and names this policy: remove the row or its #.") % {"row": row.number}
    )


def _add(
    row: PolicyRow, columns: Iterable[Column], known: dict[str, Any], said_in: dict, about: tuple[str, str]
) -> None:
    for column in columns:
        if column.name not in row.says:
            continue
        value = row.says[column.name]
        first = said_in.setdefault((column.name, about), row)
        if known.setdefault(column.name, value) != value:
            row.reasons.append(
                _("%(column)s is not the same as in row %(row)s.") % {"column": column.title, "row": first.number}
            )
