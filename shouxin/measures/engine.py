"""Figures: an indicator's rows, narrowed and grouped as asked, summed up with their uncertainty.

Everything that shows a figure (command, page, board, file) calls `measure`; everything that opens one calls
`facts_behind`. Both go through `statements._items`, so that they cannot differ.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.measures import statements
from shouxin.measures.asking import TIMES, NotAsked, Question, label_of
from shouxin.measures.indicators import registry
from shouxin.measures.relation import Reading, reading, valid
from shouxin.people.models import Staff
from shouxin.record.indicator import (
    COUNT,
    COUNTS,
    MEAN,
    PERCENTILE,
    POSITION,
    RATE,
    SHARE,
    STATISTICS,
    WORKING,
    Indicator,
)
from shouxin.statistics.intervals import NOTHING, Interval, garwood, ranks, rate, student, wilson
from shouxin.statistics.percentiles import place

_STAFF = "staff:"


@dataclass(frozen=True)
class Row:
    """One figure. Both halves are kept: averages are never averaged, they are divided when shown."""

    by: dict[str, str]
    numerator: float
    denominator: int
    value: float | None
    n: int
    low: float | None
    high: float | None

    @property
    def mean(self) -> float | None:
        """The one half divided by the other: for percentiles the mean beside them."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Answer:
    indicator: str
    version: int
    unit: str
    rows: list[Row]

    def plain(self) -> dict:
        """As it is written in JSON."""
        return asdict(self)


def indicator_of(asked: Question) -> Indicator:
    """The indicator that is asked. Raises NotAsked for an unknown code or a statistic it has not."""
    indicator = registry().get(asked.code)
    if indicator is None:
        told = {"code": asked.code, "known": ", ".join(registry())}
        raise NotAsked(_("There is no indicator “%(code)s”. There are: %(known)s.") % told)
    if asked.stat and asked.stat not in indicator.stats:
        told = {"stat": asked.stat, "known": ", ".join(indicator.stats)}
        raise NotAsked(_("This indicator has no statistic “%(stat)s”. It has: %(known)s.") % told)
    return indicator


def measure(asked: Question) -> Answer:
    """The figure, one row for each value of what it is asked by; one row alone where by nothing."""
    indicator, asked = indicator_of(asked), _settled(asked)
    shape, share = STATISTICS[asked.stat or indicator.stats[0]]
    with reading() as record:
        _show(record, asked)
        found = record.rows(*statements.sums(indicator, asked, shape, share))
    groups = gathered(found, [statements.column(key) for key in asked.by])
    accounts = _accounts() if "staff" in asked.by else {}
    rows = [_row(asked, shape, share, each, accounts) for each in groups] or ([] if asked.by else [_nothing(shape)])
    if indicator.is_census:
        rows = [replace(row, low=None, high=None) for row in rows]
    rows.sort(key=lambda row: [row.by[key] for key in asked.by])
    return Answer(indicator.code, indicator.version, unit_of(indicator, asked), rows)


class Counted(NamedTuple):
    """A fact that is counted: its number, its value in the figure, and the team for which it counts."""

    id: int
    value: float
    team: str


def facts_behind(
    asked: Question, *, only: bool | None = None, after: int = 0, limit: int = 50, is_largest_first: bool = False
) -> list[Counted]:
    """What a figure counts, in the order of the facts' numbers, from `after` on.

    `only` takes those whose value is not zero (of a share: the numerator's), or those whose value is.
    """
    indicator, asked = indicator_of(asked), _settled(asked)
    sql, values = statements.behind(indicator, asked, only=only, order="value DESC, id" if is_largest_first else "id")
    with reading() as record:
        _show(record, asked)
        return [Counted(**row) for row in record.rows(sql, [*values, after, limit])]


def unit_of(indicator: Indicator, asked: Question) -> str:
    """The unit of the value: of a share "share", of durations the unit asked for."""
    shape = STATISTICS[asked.stat or indicator.stats[0]][0]
    if shape == SHARE:
        return "share"
    if shape in {MEAN, PERCENTILE}:
        unit = "hours" if indicator.unit == "hours" else "days"
        return f"working {unit}" if asked.unit == WORKING else unit
    return indicator.unit


def _settled(asked: Question) -> Question:
    """The question with everything in it that its SQL depends on."""
    where, cells = (
        tuple((key, _staff_ref(value) if key == "staff" else value) for key, value in pairs)
        for pairs in (asked.where, asked.cells)
    )
    return asked.but(where=where, cells=cells, today=asked.today or day_of(now()))


def _show(record: Reading, asked: Question) -> None:
    """The facts this question is about: examples only where they are asked for, or where nothing is real."""
    asks_source = any(key == "source" for key, _value in (*asked.where, *asked.cells))
    record.show(
        valid(
            has_corrections=record.has_corrections, as_known_at=asked.as_known_at, audience=asked.audience,
            has_examples=asks_source or not record.has_real, own=statements.own_keys(asked),
        )
    )  # fmt: skip


def _staff_ref(account: str) -> str:
    """The reference of the colleague with this account; a reference stays as it is, an unknown account finds nobody."""
    if account.startswith(_STAFF) or not account:
        return account
    found = Staff.objects.filter(account=account.lower()).values_list("pk", flat=True).first()
    return f"{_STAFF}{found or 0}"


def _accounts() -> dict[str, str]:
    """The account of each reference to a colleague."""
    return {f"{_STAFF}{pk}": account for pk, account in Staff.objects.values_list("pk", "account")}


def gathered(found: Iterable[dict], columns: list[str]) -> list[dict]:
    """The answer by groups; those of a percentile with all values that were read, by their place in the order."""
    groups: dict[tuple, dict] = {}
    for each in found:
        group = groups.setdefault(tuple(each[name] for name in columns), each | {"values": {}})
        if "place" in each:
            group["values"][each["place"]] = each["value"]
    return list(groups.values())


def _row(asked: Question, shape: str, share: float, found: dict, accounts: dict[str, str]) -> Row:
    n, total = found["n"], found["total"]
    numerator = int(total) if total == int(total) else total
    denominator = 1 if shape in COUNTS else n
    value = percentile(found, share) if shape == PERCENTILE else numerator / denominator
    low, high = interval(shape, share, found, value)
    return Row(
        by={key: _label(key, found[statements.column(key)], accounts) for key in asked.by},
        numerator=numerator, denominator=denominator, value=int(value) if shape in COUNTS else value, n=n, low=low,
        high=high,
    )  # fmt: skip


def percentile(found: dict, share: float) -> float:
    below, part = place(found["n"], share)
    low, high = (found["values"][rank] for rank in (below + 1, min(below + 2, found["n"])))
    return low + (high - low) * part


def interval(shape: str, share: float, found: dict, value: float) -> Interval:
    n, total = found["n"], found["total"]
    if shape == POSITION:
        return NOTHING
    if shape == COUNT:
        return garwood(n)
    if shape == SHARE:
        return wilson(int(total), n)
    if shape == RATE:
        return rate(int(total), n)
    if shape == MEAN:
        return student(n, value, found["deviation"])
    return Interval(*(None if rank is None else found["values"][rank] for rank in ranks(n, share)))


def _nothing(shape: str) -> Row:
    """Nothing was counted: a count of zero is a figure, a share of nothing is none."""
    if shape in COUNTS:
        return Row({}, 0, 1, 0, 0, *(NOTHING if shape == POSITION else garwood(0)))
    return Row({}, 0, 0, None, 0, *NOTHING)


def _label(key: str, value: date | str | None, accounts: dict[str, str]) -> str:
    if key in TIMES:
        return label_of(key, value)
    return accounts.get(value, value) if key == "staff" else (value or "")
