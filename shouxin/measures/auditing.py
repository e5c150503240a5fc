"""Is the copy that figures are computed from the record itself? Row by row, at every `verify`; made anew if not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shouxin.measures.fetching import fetch, schema
from shouxin.measures.store import Store, store
from shouxin.record.guarding import FIXED_PATH

if TYPE_CHECKING:  # imported where it is used: most processes never compute a figure
    import duckdb

# Of each month: how many rows, and two sums over the hashes of whole rows that do not depend on their order.
_SUMS = """SELECT strftime(recorded_at, '%Y-%m') AS month, count(*) AS rows, sum(hash(told)::HUGEINT) AS one,
  sum(hash('b' || md5(told))::HUGEINT) AS other
FROM (SELECT recorded_at, facts::VARCHAR AS told FROM {source} AS facts) GROUP BY month"""
Sums = dict[str, tuple[int, int, int]]


def audit(kept: Store | None = None) -> list[str]:
    """Compare every row of the copy with the record; what differs is told, and the copy made anew."""
    import duckdb

    kept = kept or store()
    watermark, files = kept.held()
    if not files:
        return []
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        listed = ", ".join(f"'{file}'" for file in files)
        copied = _sums_of(engine, f"read_parquet([{listed}])")
        recorded = _recorded(engine, watermark)
    months = sorted(month for month in {*copied, *recorded} if copied.get(month) != recorded.get(month))
    if not months:
        return []
    kept.forget()
    kept.open()
    told = {"months": ", ".join(months)}
    return [_("the copy that figures are computed from was not the record in %(months)s; it was made anew") % told]


def _sums_of(engine: duckdb.DuckDBPyConnection, source: str) -> Sums:
    return {month: tuple(told) for month, *told in engine.execute(_SUMS.format(source=source)).fetchall()}


def _recorded(engine: duckdb.DuckDBPyConnection, watermark: int) -> Sums:
    """The same sums over the record itself, up to the same transaction, block by block."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: Sums = {}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(FIXED_PATH)
        for batch in fetch(0):
            rows = batch.filter(pc.less(batch.column("xid"), watermark))
            engine.register("block", pa.Table.from_batches([rows], schema()))
            for month, told in _sums_of(engine, "block").items():
                found[month] = tuple(map(sum, zip(found.get(month, (0, 0, 0)), told, strict=True)))
            engine.unregister("block")
    return found
