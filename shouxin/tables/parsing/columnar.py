"""Parquet, batch by batch: what its metadata says is asked first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from shouxin.tables.parsing.problems import Problem

BATCH = 10_000


def rows_of(path: Path, *, most_rows: int, most_columns: int) -> Iterator[tuple[int, list[Any]]]:
    """The names of the columns as row 0, then every row from 1."""
    try:
        file = parquet.ParquetFile(path)
        names = list(file.schema_arrow.names)
        if file.metadata.num_rows > most_rows:
            raise Problem("too_many_rows", most=most_rows)
        if len(names) > most_columns:
            raise Problem("too_many_columns", most=most_columns)
        yield 0, names
        number = 0
        for batch in file.iter_batches(batch_size=BATCH, use_threads=False):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, list(cells)
    except (arrow.ArrowException, OSError, ValueError, KeyError, OverflowError):
        raise Problem("parquet_damaged") from None
