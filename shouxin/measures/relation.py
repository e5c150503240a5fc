"""The one relation all figures are computed from: facts nobody corrected, and embedded DuckDB that answers over them.

This is the only file that says something to the engine in its own words. Another engine needs the same two relations
over the same Parquet files: `record`, and `facts` with a column for each own field that is asked by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shouxin.core.audience import READS, Audience
from shouxin.measures.store import Copy, store
from shouxin.record.recording import EXAMPLE, IMPORT

if TYPE_CHECKING:
    import duckdb

_OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 2}


def valid(
    *, has_corrections: bool = True, as_known_at: datetime | None = None, audience: Audience | None = None,
    has_examples: bool = True, own: Sequence[str] = (),
) -> str:  # fmt: skip
    """SQL of what counts: facts that no later fact corrects, as known at that instant, as far as this reader may read.

    A correction that was not known yet corrects nothing. `own` names the own fields that become columns.
    """
    known = ""
    if as_known_at is not None:
        known = f"recorded_at <= TIMESTAMPTZ '{as_known_at.astimezone(UTC).isoformat(sep=' ')}'"
    conditions = [f"f.{known}"] if known else []
    if has_corrections:
        conditions.append(
            f"NOT EXISTS (SELECT 1 FROM record AS c WHERE c.corrects = f.id{f' AND c.{known}' if known else ''})"
        )
    if audience is not None:
        listed = ", ".join(f"'{each}'" for each in sorted(READS[audience] - {Audience.PERSON}))
        conditions.append(f"f.audience IN ({listed})" if listed else "1 = 0")
    if not has_examples:
        conditions.append(f"f.source <> '{EXAMPLE}'")
    columns = "".join(f", {own_column(key)} AS own_{key}" for key in own)
    return f"SELECT f.*{columns} FROM record AS f" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")


def own_column(key: str) -> str:
    """All that a fact says under a key of its own: one value, or each of a list (reason: reasons)."""
    plural = f"{key[:-1]}ies" if key.endswith("y") else f"{key}s"
    listed = [f"json_extract_string(f.data, '$.{path}[*]')" for path in (key, plural, f"more.{key}")]
    whens = " ".join(f"WHEN len({each}) > 0 THEN list_distinct({each})" for each in listed)
    said = f"CASE {whens} ELSE [coalesce(json_extract_string(f.data, '$.{key}'), '')] END"
    return f"CASE WHEN f.product = '' THEN {said} ELSE [f.product] END" if key == "product" else said


@dataclass
class Reading:
    """The record as it is at one instant, for as many figures as are wanted of that instant."""

    connection: duckdb.DuckDBPyConnection
    has_real: bool
    has_corrections: bool
    facts: str = ""

    def show(self, facts: str) -> None:
        """From now on this is the relation `facts`."""
        if facts != self.facts:
            self.connection.execute(f"CREATE OR REPLACE TEMP VIEW facts AS {facts}")
            self.facts = facts

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict]:
        result = self.connection.execute(sql, values)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """One engine per process; each reading works through a connection of its own."""
    import duckdb  # here, not above: most processes never compute a figure

    engine = duckdb.connect(config=_OFFLINE)
    engine.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false; SET preserve_insertion_order = false")
    return engine


def hides_examples(where: tuple[tuple[str, str], ...]) -> bool:
    """Whether figures under these conditions leave example facts out."""
    with reading() as record:
        return record.has_real and not any(key == "source" for key, _value in where)


def is_brought(key: str) -> bool:
    """Whether an imported file brought a field of this name, by which its facts can be asked."""
    with reading() as record:
        sql = f"SELECT id FROM record WHERE source = ? AND json_exists(data, '$.more.{key}') LIMIT 1"
        return bool(record.rows(sql, [IMPORT]))


def reading_of(copy: Copy) -> Reading:
    """Files and fresh facts as one relation."""
    connection = _engine().cursor()
    connection.register("fresh", copy.fresh)
    parts = ["SELECT * FROM fresh"] if copy.fresh.num_rows or not copy.files else []
    if copy.files:
        files = ", ".join(f"'{file}'" for file in copy.files)
        parts.insert(0, f"SELECT * FROM read_parquet([{files}])")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW record AS {' UNION ALL '.join(parts)}")
    opened = Reading(connection, copy.has_real, copy.has_corrections)
    opened.show(valid(has_corrections=copy.has_corrections))
    return opened


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
