"""COPY from PostgreSQL into Arrow: the columns figures need, with days already of the company's calendar."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from psycopg import sql

from shouxin.record.facts import DIMENSIONS, KINDS, measured_fields

if TYPE_CHECKING:  # imported where it is used: most processes never compute a figure
    import pyarrow as pa

_BLOCK_BYTES = 32 * 1024 * 1024
# Between reading the clock and being given its number a transaction may be held up, but not for this long.
_MARGIN = timedelta(hours=1)

_MICROSECONDS = "(extract(epoch FROM {column}) * 1000000)::bigint"
_INSTANT, _DAY, _NUMBER, _TEXT, _TRUTH = "timestamp", "date", "int", "text", "bool"
# (name, type, SQL). `began_on` is the day on which `seconds` began to run.
_COLUMNS: list[tuple[str, str, str]] = [
    ("id", _NUMBER, "id"),
    ("xid", _NUMBER, "xid"),
    ("recorded_at", _INSTANT, _MICROSECONDS.format(column="recorded_at")),
    ("happened_at", _INSTANT, _MICROSECONDS.format(column="happened_at")),
    ("day", _DAY, "(happened_at AT TIME ZONE {zone})::date"),
    ("began_on", _DAY, "((happened_at - make_interval(secs => seconds)) AT TIME ZONE {zone})::date"),
    *((name, _TEXT, name) for name in ("kind", "source", "audience", "subject", "actor", *DIMENSIONS)),
    ("subject_id", _NUMBER, "split_part(subject, ':', 2)::bigint"),
    ("corrects", _NUMBER, "corrects"),
    ("seconds", _NUMBER, "seconds"),
    ("working_seconds", _NUMBER, "working_seconds"),
    ("data", _TEXT, "data"),
]
# How a field that facts declare as `measured` is read out of their data; what was not said is null.
_MEASURED = {
    int: (_NUMBER, "CASE jsonb_typeof(data -> '{name}') WHEN 'number' THEN (data ->> '{name}')::bigint END"),
    bool: (_TRUTH, "CASE jsonb_typeof(data -> '{name}') WHEN 'boolean' THEN (data ->> '{name}')::boolean END"),
    str: (_TEXT, "nullif(data ->> '{name}', '')"),
}


@cache
def columns() -> list[tuple[str, str, str]]:
    """What the copy holds of each fact: (name, type, SQL), with the columns that facts declare themselves."""
    known = {name for name, _type, _sql in _COLUMNS}
    measured = [(name, *_MEASURED[kind]) for name, kind in measured_fields(KINDS.values()).items()]
    if taken := [name for name, _type, _sql in measured if name in known]:
        raise TypeError(f"a column has this name already: {', '.join(taken)}")
    return [*_COLUMNS, *((name, kind, expression.format(name=name)) for name, kind, expression in measured)]


def layout() -> str:
    """Another one when a column is added or read otherwise: the old copy is then left alone and a new one is made."""
    return f"v5-{hashlib.sha256(repr(columns()).encode()).hexdigest()[:10]}"


@cache
def schema(*, is_fetched: bool = False) -> pa.Schema:
    """The copy as Arrow knows it; instants are fetched as numbers."""
    import pyarrow as pa

    types = {_DAY: pa.date32(), _NUMBER: pa.int64(), _TEXT: pa.string(), _TRUTH: pa.bool_()}
    types[_INSTANT] = pa.int64() if is_fetched else pa.timestamp("us", tz="UTC")
    return pa.schema([(name, types[kind]) for name, kind, _sql in columns()])


@dataclass(frozen=True)
class Standing:
    """How the database stands to the copy: the horizon below which nothing can commit any more, and what gathered."""

    horizon: int
    at: datetime
    is_much: bool
    is_restored: bool

    def is_past(self, month: str) -> bool:
        """Whether `month` ("2026-11", of UTC like the partitions) was over an hour ago."""
        return (self.at - _MARGIN).strftime("%Y-%m") > month


def standing(watermark: int, last: tuple[str, int] | None, few: int) -> Standing:
    """Ask PostgreSQL. A copy whose last fact is unknown there was made before a backup was restored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " (SELECT count(*) FROM"
            " (SELECT FROM public.record_fact WHERE xid >= %(watermark)s LIMIT %(many)s) AS beyond),"
            " EXISTS (SELECT FROM public.record_fact WHERE recorded_at = %(recorded_at)s AND id = %(id)s)",
            {"watermark": watermark, "many": few + 1, "recorded_at": last and last[0], "id": last and last[1]},
        )
        horizon, beyond, is_known = cursor.fetchone()
    is_restored = last is not None and not is_known
    return Standing(horizon, datetime.now(UTC), beyond > few or is_restored, is_restored)


def next_transaction() -> int:
    """A number above that of every transaction begun so far; the xmax of a snapshot is not, it only knows the ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return cursor.fetchone()[0]


def fetch(from_xid: int) -> Iterator[pa.RecordBatch]:
    """All visible facts of transactions from this number on, in blocks."""
    zone = sql.Literal(settings.TIME_ZONE)
    selected = sql.SQL(", ").join(sql.SQL(expression).format(zone=zone) for _name, _type, expression in columns())
    statement = sql.SQL(
        "COPY (SELECT {selected} FROM public.record_fact WHERE xid >= {from_xid}) TO STDOUT (FORMAT csv)"
    ).format(selected=selected, from_xid=sql.Literal(from_xid))
    with connection.cursor() as cursor, cursor.copy(statement) as lines:
        block, size = [], 0
        for line in lines:
            block.append(line)
            size += len(line)
            if size >= _BLOCK_BYTES:
                yield from _parsed(block)
                block, size = [], 0
        yield from _parsed(block)


def _parsed(block: list[bytes | memoryview]) -> Iterator[pa.RecordBatch]:
    if not block:
        return
    import pyarrow.csv as csv

    fetched = schema(is_fetched=True)
    table = csv.read_csv(
        io.BytesIO(b"".join(block)),
        read_options=csv.ReadOptions(column_names=fetched.names, block_size=1 << 28),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=fetched, null_values=[""], strings_can_be_null=True,
            quoted_strings_can_be_null=False, true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip
    yield from table.cast(schema()).combine_chunks().to_batches()


def months_of(rows: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows by month of `recorded_at` in UTC, each in order."""
    if not rows.num_rows:
        return
    import pyarrow.compute as pc

    months = pc.strftime(rows.column("recorded_at"), format="%Y-%m")
    for month in pc.unique(months).to_pylist():
        mine = rows.filter(pc.equal(months, month))
        yield month, mine.take(pc.sort_indices(mine, sort_keys=[("recorded_at", "ascending"), ("id", "ascending")]))
