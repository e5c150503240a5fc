"""The process that opens a stranger's file: with little memory and time, and without the house's secrets.

``python -m shouxin.tables.parsing.child JOB.json`` reads the file the job names and writes its rows as Parquet, each
with its number and all cells as texts, and beside it as JSON what was found: headings, encoding, what was left out.
"""

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from shouxin.tables.parsing import columnar, dates, delimited, encodings, workbooks
from shouxin.tables.parsing.cells import LONGEST, NUL, head, key_of, text_of
from shouxin.tables.parsing.problems import Problem

FIRST = 20  # rows among which the headings are looked for
BATCH = 5_000
REMARK = "#"
SCHEMA = arrow.schema([
    ("number", arrow.int64()), ("key", arrow.string()), ("problem", arrow.string()),
    ("cells", arrow.list_(arrow.string())),
])  # fmt: skip
Rows = Iterator[tuple[int, list[Any]]]


@dataclass
class Job:
    """What is to be read, and as what."""

    path: Path
    out: Path
    heads: dict[str, str]  # a heading as `head` spells it → the column's name
    needed: list[str]
    days: list[str]  # columns of days: how they are written is found out
    key: str = ""
    most_rows: int = 100_000
    most_columns: int = 200
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    head_row: int = 0
    found: dict[str, Any] = field(default_factory=dict)

    def names(self, cells: list[Any]) -> list[str]:
        return [self.heads.get(head(text_of(cell)), "") for cell in cells]

    def score(self, cells: list[Any]) -> tuple[int, int]:
        """How well these cells are the headings: how many that are needed, how many that are known."""
        names = set(self.names(cells))
        return len(names.intersection(self.needed)), len(names - {""})


def main(job_path: str) -> None:
    told = json.loads(Path(job_path).read_text())
    limit(told.pop("memory"), told.pop("seconds"))
    job = Job(**told | {"path": Path(told["path"]), "out": Path(told["out"])})
    try:
        read(job)
    except Problem as problem:
        job.found = {"problem": problem.code, **problem.about}
    except MemoryError:
        job.found = {"problem": "too_large"}
    job.out.with_suffix(".json").write_text(json.dumps(job.found, ensure_ascii=False))


def limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def read(job: Job) -> None:
    kind = workbooks.kind_of(job.path)
    if kind == "workbook":
        rows, offset = _of_workbook(job), 1
    elif kind == "parquet":
        rows = columnar.rows_of(job.path, most_rows=job.most_rows, most_columns=job.most_columns)
        offset, job.head_row = 0, 0
    else:
        rows, offset = _of_text(job), 1
    _write(job, rows, offset)


def _of_text(job: Job) -> Rows:
    fitting = encodings.reading_of(job.path, job.encoding)
    tried = []
    for reading in fitting:
        delimiter = job.delimiter or delimited.delimiter_of(job.path, reading, job.score, FIRST)
        best, sample = job.score([]), ""
        for _number, cells in islice(_quietly(delimited.rows_of(job.path, reading, delimiter)), FIRST):
            best = max(best, job.score(cells))
            sample = sample or next((str(cell) for cell in cells if not str(cell).isascii()), "")
        tried.append((best[0], reading, delimiter, sample))
    most = max(needed for needed, *_rest in tried)
    chosen = [each for each in tried if each[0] == most]
    if len(chosen) > 1:
        raise Problem("encoding_unclear", fitting=[[each[1].name, each[3][:24]] for each in chosen])
    _needed, reading, delimiter, _sample = chosen[0]
    job.found |= {"encoding": reading.name, "has_own": reading.has_own, "delimiter": delimiter}
    return delimited.rows_of(job.path, reading, delimiter)


def _quietly(rows: Rows) -> Rows:
    try:
        yield from rows
    except Problem:
        return


def _of_workbook(job: Job) -> Rows:
    book = workbooks.Workbook(job.path, most_rows=job.most_rows, most_columns=job.most_columns)
    if job.sheet:
        wanted = next((name for name in book.names if head(name) == head(job.sheet)), None)
        if wanted is None:
            raise Problem("sheet_unknown", name=job.sheet[:60], there=book.names[:20])
        names = [wanted]
    else:
        names = book.names
    scores, filled = {}, {}
    for name in names:
        rows = book.rows(name)
        first = list(islice(rows, FIRST))
        scores[name] = max((job.score(cells) for _number, cells in first), default=(0, 0))
        place = max(range(len(first)), key=lambda at: job.score(first[at][1]), default=0)  # noqa: B023
        below = [*first[place + 1 :], *islice(rows, 1)]
        filled[name] = any(text_of(cell) for _number, cells in below for cell in cells)
    fitting = [name for name in names if scores[name][0] == len(job.needed)]
    with_rows = [name for name in fitting if filled[name]]
    if len(with_rows) > 1:
        raise Problem("sheets_unclear", fitting=with_rows[:20])
    chosen = (with_rows or fitting or sorted(names, key=lambda name: scores[name], reverse=True) or [""])[0]
    if not chosen:
        raise Problem("empty")
    job.found |= {"sheet": chosen, "unread": [name for name in book.names if name != chosen and _is_filled(book, name)]}
    job.found["merged"] = sorted(book.spans(chosen))
    return book.rows(chosen)


def _is_filled(book: workbooks.Workbook, name: str) -> bool:
    try:
        return any(text_of(cell) for _number, cells in islice(book.rows(name), FIRST) for cell in cells)
    except Problem:
        return True


def _write(job: Job, rows: Rows, offset: int) -> None:
    above = list(islice(rows, job.head_row or (FIRST if offset else 1)))
    names, place = _heading(job, above)
    counts = {"rows": 0, "remarks": 0, "above": place}
    signs: dict[str, set[str]] = defaultdict(set)
    nameless: set[int] = set()
    day_places = [(at, name) for at, name in enumerate(names) if name in job.days]
    key_place = names.index(job.key) if job.key in names else -1

    def told() -> Iterator[tuple[int, str, str, list[str]]]:
        for number, cells in _joined(above[place + 1 :], rows):
            texts = [text_of(cell) for cell in cells]
            while len(texts) > len(names) and not texts[-1]:
                texts.pop()
            if not any(texts):
                continue
            counts["rows"] += 1
            if counts["rows"] > job.most_rows:
                raise Problem("too_many_rows", most=job.most_rows)
            problem = _problem(cells, texts, len(names), is_sheet="sheet" in job.found)
            counts["remarks"] += problem == "remark"
            texts = [text if len(text) <= LONGEST else text[:100] for text in texts[: len(names)]]
            texts += [""] * (len(names) - len(texts))
            nameless.update(at for at in job.found["nameless"] if texts[at])
            for at, name in day_places:
                # A true date of a workbook says nothing about how people write theirs.
                if texts[at] and not isinstance(cells[at], date):
                    signs[name] |= dates.evidence(texts[at])
            key = key_of(texts[key_place]) if key_place >= 0 else ""
            yield number, key, problem, texts

    with parquet.ParquetWriter(job.out, SCHEMA, compression="zstd", use_dictionary=False) as writer:
        rows_told = told()
        while batch := list(islice(rows_told, BATCH)):
            columns = [list(column) for column in zip(*batch, strict=True)]
            writer.write_batch(arrow.record_batch(columns, schema=SCHEMA))
    job.found |= {"counts": counts, "signs": {name: sorted(found) for name, found in signs.items()}}
    job.found["nameless"] = sorted(nameless)


def _joined(first: list, rows: Rows) -> Rows:
    yield from first
    yield from rows


def _heading(job: Job, above: list) -> tuple[list[str], int]:
    """The columns' names by place, and which of the first rows has them."""
    places = [job.head_row - 1] if job.head_row else range(len(above))
    if not any(text_of(cell) for _number, cells in above for cell in cells):
        raise Problem("empty")
    place = max((at for at in places if at < len(above)), key=lambda at: job.score(above[at][1]), default=0)
    cells = [text_of(cell) for cell in above[place][1]]
    while cells and not cells[-1]:
        cells.pop()
    names = job.names(cells)
    if missing := [name for name in job.needed if name not in names]:
        raise Problem("columns_missing", missing=missing, there=[cell[:40] for cell in cells if cell][:40])
    if len(cells) > job.most_columns:
        raise Problem("too_many_columns", most=job.most_columns)
    for name in names:
        if name and names.count(name) > 1:
            twice = [cell[:40] for cell, of in zip(cells, names, strict=True) if of == name]
            raise Problem("head_twice", heads=twice)
    job.found |= {
        "names": names, "heads": [cell[:60] for cell in cells], "head_row": above[place][0],
        "unknown": [cell[:60] for cell, name in zip(cells, names, strict=True) if cell and not name],
        "nameless": [at for at, cell in enumerate(cells) if not cell],
    }  # fmt: skip
    return names, place


def _problem(cells: list[Any], texts: list[str], width: int, *, is_sheet: bool) -> str:
    """What is wrong with the row as a row."""
    if next(text for text in texts if text).startswith(REMARK):
        return "remark"
    if len(texts) > width:
        return f"too_many:{len(texts)}:{width}"
    if len(texts) < width and not is_sheet:
        return f"too_few:{len(texts)}:{width}"
    if any(isinstance(cell, str) and NUL in cell for cell in cells):
        return "nul"
    if any(len(text) > LONGEST for text in texts):
        return "long"
    return ""


if __name__ == "__main__":
    main(sys.argv[1])
