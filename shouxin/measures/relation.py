"""The one relation all figures are computed from: facts nobody corrected, as Ibis sees them on embedded DuckDB."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import duckdb
import ibis
import ibis.expr.types as ir

from shouxin.core.audience import READS, Audience
from shouxin.measures.fetching import SCHEMA
from shouxin.measures.kinds import EXAMPLE
from shouxin.measures.store import Copy, store

DIALECT = "duckdb"
_OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 2}
FACTS = ibis.table(ibis.Schema.from_pyarrow(SCHEMA), name="facts")


def valid(
    *, has_corrections: bool = True, as_known_at: datetime | None = None, audience: Audience | None = None
) -> ir.Table:
    """What counts: facts that no later fact corrects, as known at that instant, as far as this reader may read.

    A correction that was not known yet corrects nothing.
    """
    facts = known = FACTS
    if as_known_at is not None:
        facts = known = facts.filter(facts.recorded_at <= ibis.literal(as_known_at, type="timestamp('UTC')"))
    if has_corrections:
        corrections = known.filter(known.corrects.notnull()).select(corrected="corrects").distinct()
        facts = facts.anti_join(corrections, facts.id == corrections.corrected)
    if audience is not None:
        facts = facts.filter(facts.audience.isin(sorted(READS[audience] - {Audience.PERSON})))
    return facts


def without_examples(facts: ir.Table) -> ir.Table:
    return facts.filter(facts.source != EXAMPLE)


def spelled(expression: ir.Table) -> str:
    """The expression as SQL of the engine."""
    return str(ibis.to_sql(expression, dialect=DIALECT))


@dataclass(frozen=True)
class Reading:
    """The record as it is at one instant, for as many figures as are wanted of that instant."""

    connection: duckdb.DuckDBPyConnection
    has_real: bool
    has_corrections: bool

    def rows(self, sql: str) -> list[dict]:
        result = self.connection.execute(sql)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """One engine per process; each reading works through a connection of its own."""
    engine = duckdb.connect(config=_OFFLINE)
    engine.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET preserve_insertion_order = false")
    return engine


def hides_examples(where: tuple[tuple[str, str], ...]) -> bool:
    """Whether figures under these conditions leave example facts out."""
    with reading() as record:
        return record.has_real and not any(key == "source" for key, _value in where)


def reading_of(copy: Copy) -> Reading:
    """Files and fresh facts as one relation."""
    connection = _engine().cursor()
    connection.register("fresh", copy.fresh)
    parts = ["SELECT * FROM fresh"] if copy.fresh.num_rows or not copy.files else []
    if copy.files:
        files = ", ".join(f"'{file}'" for file in copy.files)
        parts.insert(0, f"SELECT * FROM read_parquet([{files}])")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW facts AS {' UNION ALL '.join(parts)}")
    return Reading(connection, copy.has_real, copy.has_corrections)


_CURRENT: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(source: Callable[[], Copy] | None = None) -> Iterator[Reading]:
    """One reading for everything inside; a page with eight figures asks the database once."""
    if (current := _CURRENT.get()) is not None and source is None:
        yield current
        return
    opened = reading_of(source() if source else store().open())
    token = _CURRENT.set(opened)
    try:
        yield opened
    finally:
        _CURRENT.reset(token)
        opened.connection.close()
