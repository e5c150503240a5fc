"""Figures: an indicator's rows, narrowed and grouped as asked, summed up with their uncertainty.

Everything that shows a figure (command, page, board, file) calls `measure`; everything that opens one calls
`facts_behind`. Both go through `counted`, so that they cannot differ.
"""

from dataclasses import asdict, dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.utils.translation import gettext as _

from shouxin.measures import keys
from shouxin.measures.asking import TIMES, NotAsked, Question, label_of
from shouxin.measures.indicator import COUNT, MEAN, PERCENTILE, RATE, SHARE, STATISTICS, Indicator
from shouxin.measures.indicators import registry
from shouxin.measures.relation import Reading, reading, without_examples
from shouxin.statistics.intervals import NOTHING, Interval, garwood, ranks, rate, student, wilson

METHODS = {COUNT: "Garwood", SHARE: "Wilson", RATE: "Garwood", MEAN: "Student's t", PERCENTILE: "order statistics"}


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
    indicator = indicator_of(asked)
    shape, share = STATISTICS[asked.stat or indicator.stats[0]]
    with reading() as record:
        items = keys.spread(counted(record, indicator, asked), asked.by)
        found = record.rows(_summed(items, asked, shape, share))
        if shape == PERCENTILE:
            _bound(record, items, asked, found, share)
    accounts = keys.accounts() if "staff" in asked.by else {}
    rows = [_row(asked, shape, each, accounts) for each in found] or ([] if asked.by else [_nothing(shape)])
    rows.sort(key=lambda row: [row.by[key] for key in asked.by])
    return Answer(indicator.code, indicator.version, indicator.unit_of(asked), rows)


def facts_behind(asked: Question, *, after: int = 0, limit: int = 50) -> list[tuple[int, float]]:
    """What a figure counts: number of the fact and its value, in the order of the numbers, from `after` on."""
    indicator = indicator_of(asked)
    with reading() as record:
        items = counted(record, indicator, asked)
        items = items.filter(items.id > after).order_by("id").limit(limit).select("id", "value")
        return [(row["id"], row["value"]) for row in record.rows(items)]


def counted(record: Reading, indicator: Indicator, asked: Question) -> ir.Table:
    """The rows the indicator counts: its formula over the valid facts, within the period and the conditions."""
    facts = record.valid(as_known_at=asked.as_known_at, audience=asked.audience)
    sources = [value for key, value in asked.where if key == "source"]
    if not sources and record.has_real:
        facts = without_examples(facts)
    items = indicator.formula(facts, asked)
    for key in dict.fromkeys(key for key, _value in asked.where):
        items = keys.narrow(items, key, [value for each, value in asked.where if each == key])
    return items


def _summed(items: ir.Table, asked: Question, shape: str, share: float) -> ir.Table:
    grouped = items.group_by(*map(keys.column, asked.by)) if asked.by else items
    sums = {"n": items.count(), "total": items.value.sum()}
    if shape == MEAN:
        sums["deviation"] = items.value.std(how="sample")
    if shape == PERCENTILE:
        sums["quantile"] = items.value.quantile(share)
    summed = grouped.agg(**sums)
    return summed.filter(summed.n > 0)


def _bound(record: Reading, items: ir.Table, asked: Question, found: list[dict], share: float) -> None:
    """Write the interval of each percentile into its row: the values at the ranks that bound it."""
    places = {n: ranks(n, share) for n in {row["n"] for row in found}}
    if not places:
        return
    table = ibis.memtable(
        pa.table(
            {
                "size": pa.array(places, pa.int64()),
                "low_rank": pa.array([low for low, _high in places.values()], pa.int64()),
                "high_rank": pa.array([high for _low, high in places.values()], pa.int64()),
            }
        )
    )
    columns = [keys.column(key) for key in asked.by]
    grouped = items.group_by(*columns) if columns else items
    lists = grouped.agg(size=items.count(), ordered=items.value.collect()).mutate(ordered=lambda t: t.ordered.sort())
    bounds = lists.join(table, "size")
    bounds = bounds.select(*columns, low=bounds.ordered[bounds.low_rank - 1], high=bounds.ordered[bounds.high_rank - 1])
    known = {tuple(row[column] for column in columns): row for row in record.rows(bounds)}
    for row in found:
        bound = known[tuple(row[column] for column in columns)]
        row["low"], row["high"] = bound["low"], bound["high"]


def _row(asked: Question, shape: str, found: dict, accounts: dict[str, str]) -> Row:
    n, total = found["n"], found["total"]
    numerator = int(total) if total == int(total) else total
    denominator = 1 if shape == COUNT else n
    value = found["quantile"] if shape == PERCENTILE else numerator / denominator
    low, high = _interval(shape, found, value)
    return Row(
        by={key: _label(key, found[keys.column(key)], accounts) for key in asked.by},
        numerator=numerator, denominator=denominator, value=int(value) if shape == COUNT else value, n=n, low=low,
        high=high,
    )  # fmt: skip


def _interval(shape: str, found: dict, value: float) -> Interval:
    n, total = found["n"], found["total"]
    if shape == COUNT:
        return garwood(n)
    if shape == SHARE:
        return wilson(int(total), n)
    if shape == RATE:
        return rate(int(total), n)
    if shape == MEAN:
        return student(n, value, found["deviation"])
    return Interval(found["low"], found["high"])


def _nothing(shape: str) -> Row:
    """Nothing was counted: a count of zero is a figure, a share of nothing is none."""
    if shape == COUNT:
        return Row({}, 0, 1, 0, 0, *garwood(0))
    return Row({}, 0, 0, None, 0, *NOTHING)


def _label(key: str, value: date | str | None, accounts: dict[str, str]) -> str:
    if key in TIMES:
        return label_of(key, value)
    return accounts.get(value, value) if key == "staff" else (value or "")
