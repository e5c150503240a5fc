"""COPY from PostgreSQL into Arrow: the columns figures need, with days already of the company's calendar."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from django.conf import settings
from django.db import connection
from psycopg import sql

from shouxin.record.facts import DIMENSIONS

# Raise it when a column is added or means something else: the old copy is then left alone and a new one is made.
LAYOUT = "v4"
_BLOCK_BYTES = 32 * 1024 * 1024
# Between reading the clock and being given its number a transaction may be held up, but not for this long.
_MARGIN = timedelta(hours=1)

_MICROSECONDS = "(extract(epoch FROM {column}) * 1000000)::bigint"
_NUMBER = "CASE jsonb_typeof(data -> '{name}') WHEN 'number' THEN (data ->> '{name}')::bigint END"
# (name, Arrow type as fetched, SQL). `began_on` is the day on which `seconds` began to run.
_COLUMNS: list[tuple[str, pa.DataType, str]] = [
    ("id", pa.int64(), "id"),
    ("xid", pa.int64(), "xid"),
    ("recorded_at", pa.int64(), _MICROSECONDS.format(column="recorded_at")),
    ("happened_at", pa.int64(), _MICROSECONDS.format(column="happened_at")),
    ("day", pa.date32(), "(happened_at AT TIME ZONE {zone})::date"),
    ("began_on", pa.date32(), "((happened_at - make_interval(secs => seconds)) AT TIME ZONE {zone})::date"),
    *((name, pa.string(), name) for name in ("kind", "source", "audience", "subject", "actor", *DIMENSIONS)),
    ("subject_id", pa.int64(), "split_part(subject, ':', 2)::bigint"),
    ("corrects", pa.int64(), "corrects"),
    # Days as the fact itself counted them: of the office's calendar, or as a file gave them.
    ("days_counted", pa.int64(), _NUMBER.format(name="days")),
    ("working_days_counted", pa.int64(), _NUMBER.format(name="working_days")),
    ("seconds", pa.int64(), "seconds"),
    ("working_seconds", pa.int64(), "working_seconds"),
    ("is_first", pa.bool_(), "coalesce(data -> 'first' = 'true', false)"),
    ("promise", pa.int64(), _NUMBER.format(name="promise")),
    ("to", pa.string(), "data ->> 'to'"),
    ("to_team", pa.string(), "nullif(data ->> 'to_team', '')"),
    ("officer", pa.string(), "nullif(data ->> 'officer', '')"),
    ("data", pa.string(), "data"),
]
_INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema([(n, _INSTANT if n in {"recorded_at", "happened_at"} else kind) for n, kind, _sql in _COLUMNS])


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
    columns = sql.SQL(", ").join(sql.SQL(expression).format(zone=zone) for _name, _type, expression in _COLUMNS)
    statement = sql.SQL(
        "COPY (SELECT {columns} FROM public.record_fact WHERE xid >= {from_xid}) TO STDOUT (FORMAT csv)"
    ).format(columns=columns, from_xid=sql.Literal(from_xid))
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
    table = csv.read_csv(
        io.BytesIO(b"".join(block)),
        read_options=csv.ReadOptions(column_names=[name for name, _type, _sql in _COLUMNS], block_size=1 << 28),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={name: kind for name, kind, _sql in _COLUMNS}, null_values=[""], strings_can_be_null=True,
            quoted_strings_can_be_null=False, true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip
    yield from table.cast(SCHEMA).combine_chunks().to_batches()


def months_of(rows: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows by month of `recorded_at` in UTC, each in order."""
    if not rows.num_rows:
        return
    months = pc.strftime(rows.column("recorded_at"), format="%Y-%m")
    for month in pc.unique(months).to_pylist():
        mine = rows.filter(pc.equal(months, month))
        yield month, mine.take(pc.sort_indices(mine, sort_keys=[("recorded_at", "ascending"), ("id", "ascending")]))
