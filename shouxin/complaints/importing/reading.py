"""Reading a file of complaints: CSV, XLSX or Parquet, as rows of plain values with their line numbers."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from shouxin.complaints.importing.mapping import Mapping

BATCH = 20_000


class FileProblem(ValueError):
    """The file as a whole can't be read; nothing was imported."""


def read_rows(path: Path, mapping: Mapping) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, {column: value}) of every row, ordered by the mapping's key so that a complaint's rows stand together.

    Lines are counted as a person counts them: the heading is line 1 of a CSV or sheet; Parquet rows from 1.
    """
    if not path.exists():
        raise FileProblem(_("There is no file %(path)s.") % {"path": path})
    suffix = path.suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"}:
        yield from _by_duckdb("read_csv(?, all_varchar=true, header=true, null_padding=false)", path, mapping, 1)
    elif suffix == ".parquet":
        yield from _by_duckdb("read_parquet(?)", path, mapping, 0)
    elif suffix in {".xlsx", ".xlsm", ".ods", ".xls"}:
        yield from _by_calamine(path, mapping)
    else:
        raise FileProblem(_("A file of complaints is CSV, XLSX or Parquet, not “%(suffix)s”.") % {"suffix": suffix})


def _require_columns(there: list[str], mapping: Mapping) -> None:
    if missing := sorted(mapping.columns - set(there)):
        raise FileProblem(
            _("The file lacks the columns %(missing)s. It has: %(there)s.")
            % {"missing": ", ".join(missing), "there": ", ".join(there)}
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _by_duckdb(source: str, path: Path, mapping: Mapping, offset: int) -> Iterator[tuple[int, dict[str, Any]]]:
    connection = duckdb.connect()
    try:
        there = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}", [str(path)]).fetchall()]
        _require_columns(there, mapping)
        columns = sorted(mapping.columns)
        chosen = ", ".join(_quoted(name) for name in columns)
        cursor = connection.execute(
            f"SELECT line, {chosen} FROM (SELECT row_number() OVER () + {offset} AS line, {chosen} FROM {source}) "
            f"ORDER BY {_quoted(mapping.key)} NULLS FIRST, line",
            [str(path)],
        )
        while batch := cursor.fetchmany(BATCH):
            for line, *values in batch:
                yield line, dict(zip(columns, values, strict=True))
    except duckdb.Error as problem:
        raise FileProblem(_("The file can't be read: %(problem)s") % {"problem": str(problem)[:300]}) from None
    finally:
        connection.close()


def _by_calamine(path: Path, mapping: Mapping) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as problem:
        raise FileProblem(_("The file can't be read: %(problem)s") % {"problem": str(problem)[:300]}) from None
    heading = [str(cell).strip() for cell in rows[0]] if rows else []
    _require_columns(heading, mapping)
    read = [
        (line, {name: cell for name, cell in zip(heading, row, strict=False) if name in mapping.columns})
        for line, row in enumerate(rows[1:], start=2)
        if any(cell not in ("", None) for cell in row)
    ]
    read.sort(key=lambda pair: (plain(pair[1].get(mapping.key)), pair[0]))
    yield from read


def plain(value: Any) -> str:
    """A cell as text: trimmed, whole floats without their point, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()
