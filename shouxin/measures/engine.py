"""Figures: an indicator's rows, narrowed and grouped as asked, summed up with their uncertainty.

Everything that shows a figure (command, page, board, file) calls `measure`; everything that opens one calls
`facts_behind`. Both go through `counted`, so that they cannot differ.
"""

from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.measures import keys
from shouxin.measures.asking import TIMES, NotAsked, Question, label_of
from shouxin.measures.indicator import COUNT, COUNTS, MEAN, PERCENTILE, POSITION, RATE, SHARE, STATISTICS, Indicator
from shouxin.measures.indicators import registry
from shouxin.measures.relation import reading, spelled, valid, without_examples
from shouxin.statistics.intervals import NOTHING, Interval, garwood, near_ranks, ranks, rate, student, wilson
from shouxin.statistics.percentiles import place

# So many values on either side of the roughly known rank are read, among which the exact one lies.
_NEAR = 3


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
    indicator = indicator_of(asked)
    shape, share = STATISTICS[asked.stat or indicator.stats[0]]
    with reading() as record:
        found = record.rows(_sums(_settled(asked), record.has_real, record.has_corrections))
    accounts = keys.accounts() if "staff" in asked.by else {}
    rows = [_row(asked, shape, share, each, accounts) for each in found] or ([] if asked.by else [_nothing(shape)])
    rows.sort(key=lambda row: [row.by[key] for key in asked.by])
    return Answer(indicator.code, indicator.version, indicator.unit_of(asked), rows)


def facts_behind(
    asked: Question, *, after: int = 0, limit: int = 50, is_largest_first: bool = False
) -> list[tuple[int, float]]:
    """What a figure counts: number of the fact and its value, in the order of the numbers, from `after` on."""
    indicator_of(asked)
    with reading() as record:
        items = counted(_settled(asked), record.has_real, record.has_corrections)
        order = [ibis.desc("value"), "id"] if is_largest_first else ["id"]
        items = items.filter(items.id > after).order_by(order).limit(limit).select("id", "value")
        return [(row["id"], row["value"]) for row in record.rows(spelled(items))]


def _settled(asked: Question) -> Question:
    """The question with everything in it that its SQL depends on."""
    where, cells = (
        tuple((key, keys.staff_ref(value) if key == "staff" else value) for key, value in pairs)
        for pairs in (asked.where, asked.cells)
    )
    return asked.but(where=where, cells=cells, today=asked.today or day_of(now()))


def counted(asked: Question, has_real: bool, has_corrections: bool) -> ir.Table:
    """The rows the indicator counts: its formula over the valid facts, within the period and the conditions."""
    facts = valid(has_corrections=has_corrections, as_known_at=asked.as_known_at, audience=asked.audience)
    if has_real and not any(key == "source" for key, _value in (*asked.where, *asked.cells)):
        facts = without_examples(facts)
    items = registry()[asked.code].formula(facts, asked)
    for key in dict.fromkeys(key for key, _value in asked.where):
        items = keys.narrow(items, key, [value for each, value in asked.where if each == key])
    for key, value in asked.cells:
        items = keys.narrow(items, key, [value])
    return items


@lru_cache(maxsize=512)
def _sums(asked: Question, has_real: bool, has_corrections: bool) -> str:
    """The question as SQL; pages and boards ask the same ones again and again."""
    items = keys.spread(counted(asked, has_real, has_corrections), asked.by)
    shape, share = STATISTICS[asked.stat or registry()[asked.code].stats[0]]
    sums = {"n": items.count(), "total": items.value.sum()}
    if shape == MEAN:
        sums["deviation"] = items.value.std(how="sample")
    if shape == PERCENTILE:
        sums["ordered"] = items.value.collect()
    summed = items.group_by(*map(keys.column, asked.by)).agg(**sums) if asked.by else items.agg(**sums)
    summed = summed.filter(summed.n > 0)
    return spelled(_places(summed, share) if shape == PERCENTILE else summed)


def _places(summed: ir.Table, share: float) -> ir.Table:
    """Of the ordered values only those that the percentile and its interval can be made of."""
    summed = summed.mutate(ordered=summed.ordered.sort())
    share = ibis.literal(share, type="float64")
    low, high = near_ranks(summed.n, share)
    found = {}
    for name, rank in (("low", low), ("middle", (summed.n - 1) * share + 1), ("high", high)):
        # Down, not a cast alone: that rounds, on some engines. And the engine says from where on it read: its fractions
        # need not be those of Python to the last bit.
        first = ibis.greatest(rank.floor().cast("int64") - 1 - _NEAR, 0)
        found |= {f"{name}_first": first, f"{name}_values": summed.ordered[first : first + 2 * _NEAR + 2]}
    return summed.mutate(**found).drop("ordered")


def _row(asked: Question, shape: str, share: float, found: dict, accounts: dict[str, str]) -> Row:
    n, total = found["n"], found["total"]
    numerator = int(total) if total == int(total) else total
    denominator = 1 if shape in COUNTS else n
    value = _percentile(found, share) if shape == PERCENTILE else numerator / denominator
    low, high = _interval(shape, share, found, value)
    return Row(
        by={key: _label(key, found[keys.column(key)], accounts) for key in asked.by},
        numerator=numerator, denominator=denominator, value=int(value) if shape in COUNTS else value, n=n, low=low,
        high=high,
    )  # fmt: skip


def _percentile(found: dict, share: float) -> float:
    below, part = place(found["n"], share)
    low, high = (_ranked(found, rank, "middle") for rank in (below + 1, min(below + 2, found["n"])))
    return low + (high - low) * part


def _interval(shape: str, share: float, found: dict, value: float) -> Interval:
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
    return Interval(*(_ranked(found, rank, name) for rank, name in zip(ranks(n, share), ("low", "high"), strict=True)))


def _ranked(found: dict, rank: int | None, name: str) -> float | None:
    """The value at the exact rank, which counts from 1, out of those read around the rough one."""
    return None if rank is None else found[f"{name}_values"][rank - 1 - found[f"{name}_first"]]


def _nothing(shape: str) -> Row:
    """Nothing was counted: a count of zero is a figure, a share of nothing is none."""
    if shape in COUNTS:
        return Row({}, 0, 1, 0, 0, *(NOTHING if shape == POSITION else garwood(0)))
    return Row({}, 0, 0, None, 0, *NOTHING)


def _label(key: str, value: date | str | None, accounts: dict[str, str]) -> str:
    if key in TIMES:
        return label_of(key, value)
    return accounts.get(value, value) if key == "staff" else (value or "")
