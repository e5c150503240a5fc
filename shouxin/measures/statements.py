"""A question as SQL: what an indicator counts, narrowed and grouped as asked.

All of it is standard SQL over the relation `facts`; `relation.py` alone knows which engine answers.
"""

from datetime import timedelta
from string import Template

from shouxin.measures.asking import TIMES, Question, stretches
from shouxin.record.facts import DIMENSIONS
from shouxin.record.indicator import MEAN, PERCENTILE, Indicator
from shouxin.statistics.intervals import near_ranks

# What a question may be asked by beside days and staff. A fact may name several products: they are asked like its own
# fields, each of which may hold several values.
COLUMNS = (*(name for name in DIMENSIONS if name != "product"), "kind", "source", "subject")
# So many values on either side of the roughly known rank are read, among which the exact one lies.
_NEAR = 4


def own_keys(asked: Question) -> tuple[str, ...]:
    """The keys of the question that only the facts themselves know; `relation.own_column` holds their values."""
    asked_by = {key for key in asked.by if key not in TIMES}
    return tuple(sorted((asked_by | {key for key, _value in (*asked.where, *asked.cells)}) - {*COLUMNS, "staff"}))


def sums(indicator: Indicator, asked: Question, shape: str, share: float) -> tuple[str, list[str]]:
    """(SQL, values) of one row for each group: its keys, `n` and `total`; of a mean also the `deviation`.

    For a percentile there is one row for each value of the group that lies near the ranks asked for, with its `place`.
    """
    before, values = _grouped(indicator, asked)
    groups = ", ".join(map(column, asked.by))
    if shape == PERCENTILE:
        return f"{before}\n{_places(groups, share)}", values
    deviation = ", stddev_samp(value) AS deviation" if shape == MEAN else ""
    selected = f"SELECT {groups + ', ' if groups else ''}count(*) AS n, sum(value) AS total{deviation} FROM grouped"
    return f"{before}\n{selected} {f'GROUP BY {groups}' if groups else 'HAVING count(*) > 0'}", values


def behind(indicator: Indicator, asked: Question, *, order: str, only: bool | None = None) -> tuple[str, list[str]]:
    """(SQL, values) of the facts that are counted, each with its value and the team for which it counts."""
    items, values = _items(indicator, asked)
    team = _expression(indicator, "team")
    selected = f"SELECT id, CAST(value AS DOUBLE PRECISION) AS value, {team} AS team FROM items WHERE id > ?"
    if only is not None:
        selected += " AND value <> 0" if only else " AND value = 0"
    return f"WITH {items}\n{selected} ORDER BY {order} LIMIT ?", values


def column(key: str) -> str:
    """Under which name the values of a key stand in the answer."""
    return f"by_{key}"


def _items(indicator: Indicator, asked: Question) -> tuple[str, list[str]]:
    """What is counted: the indicator's own statement, within the conditions of the question."""
    wanted: dict[str, list[list[str]]] = {}
    for key, value in asked.where:
        wanted.setdefault(key, [[]])[0].append(value)
    for key, value in asked.cells:
        wanted.setdefault(key, []).append([value])
    conditions, values = ["value IS NOT NULL"], []
    for key, alternatives in ((key, each) for key, all_of in wanted.items() for each in all_of):
        conditions.append(_condition(indicator, key, len(alternatives)))
        values += alternatives
    sql = Template(indicator.sql).substitute(_given(indicator, asked)).strip()
    stretched = f"{_stretches(asked)},\n" if "stretches" in indicator.sql else ""
    return f"{stretched}items AS (\nSELECT * FROM (\n{sql}\n) AS counted WHERE {' AND '.join(conditions)}\n)", values


def _given(indicator: Indicator, asked: Question) -> dict[str, str]:
    """What an indicator's statement may name of the question, as literals."""
    days = indicator.days if asked.days is None else asked.days
    return {
        "since": f"DATE '{asked.from_on}'", "until": f"DATE '{asked.until_on}'", "today": f"DATE '{asked.today}'",
        "days": "NULL" if days is None else str(int(days)), "unit": f"'{asked.unit}'",
        "stat": f"'{asked.stat or indicator.stats[0]}'", "span": f"'{asked.span or 'year'}'",
    }  # fmt: skip


def _stretches(asked: Question) -> str:
    """The stretches of the period asked by, or the period as one."""
    days = ", ".join(f"(DATE '{first}', DATE '{after - timedelta(days=1)}')" for first, after in stretches(asked))
    return f"stretches AS (SELECT first_on, last_on FROM (VALUES {days}) AS given (first_on, last_on))"


def _expression(indicator: Indicator, key: str) -> str:
    """The value of a key in a row of what is counted."""
    stands_for = dict(indicator.instead)
    if key in TIMES:
        return f"CAST(date_trunc('{key}', {stands_for.get('day', 'day')}) AS DATE)"
    if key == "staff":
        actor = stands_for.get("actor", "actor")
        return f"CASE WHEN {actor} LIKE 'staff:%' THEN {actor} ELSE '' END"
    return stands_for.get(key, key)


def _condition(indicator: Indicator, key: str, count: int) -> str:
    """That a key has one of so many values."""
    if key in {*COLUMNS, "staff"}:
        return f"{_expression(indicator, key)} IN ({', '.join('?' * count)})"
    return f"({' OR '.join([f'array_contains(own_{key}, ?)'] * count)})"


def _grouped(indicator: Indicator, asked: Question) -> tuple[str, list[str]]:
    """`grouped`: the values counted beside their keys. Who has several values of a key is there once for each."""
    items, values = _items(indicator, asked)
    own = [key for key in asked.by if key in own_keys(asked) and key not in TIMES]
    columns = "".join(
        f", {column(key)}" if key in own else f", {_expression(indicator, key)} AS {column(key)}" for key in asked.by
    )
    each = "".join(f" CROSS JOIN UNNEST(own_{key}) AS each_{key} ({column(key)})" for key in own)
    return (
        f"WITH {items},\ngrouped AS (SELECT CAST(value AS DOUBLE PRECISION) AS value{columns} FROM items{each})",
        values,
    )


def _places(groups: str, share: float) -> str:
    """Of the ordered values only those that a percentile and its interval can be made of."""
    low, high = near_ranks(1, share)
    root = f"{(high - low) / 2!r} * sqrt(n)"
    near = [f"n * {share!r} - {root}", f"(n - 1) * {share!r} + 1", f"n * {share!r} + {root}"]
    read = " OR ".join(f"abs(place - least(greatest({rank}, 1), n)) <= {_NEAR}" for rank in near)
    partition = f"PARTITION BY {groups}" if groups else ""
    columns = f"{groups}, " if groups else ""
    return f"""SELECT {columns}n, total, place, value FROM (
  SELECT {columns}value, row_number() OVER ({partition} ORDER BY value) AS place,
    count(*) OVER ({partition}) AS n, sum(value) OVER ({partition}) AS total
  FROM grouped
) AS placed WHERE {read}"""
