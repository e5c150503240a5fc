"""Text files with separators: rows as spreadsheets number them, quotes that must close, any kind of line end."""

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from shouxin.tables.parsing.encodings import Reading
from shouxin.tables.parsing.problems import Problem

DELIMITERS = ",;\t|"
LONGEST_FIELD = 1 << 20
Rows = Iterator[tuple[int, list[str]]]


def rows_of(path: Path, reading: Reading, delimiter: str) -> Rows:
    """(number, cells) of every row from 1. Raises Problem with the line on which a quotation mark is not closed."""
    csv.field_size_limit(LONGEST_FIELD)
    lines = _lines(path, reading)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, line = 0, 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Problem("quote_open", line=line) from None
        number, line = number + 1, reader.line_num + 1
        if number == 1 and (cells[:1] or [""])[0].casefold().startswith("sep="):
            cells = []
        yield number, cells


def _lines(path: Path, reading: Reading) -> Iterator[str]:
    """Lines ended by "\\n". Where a file ends its lines so, a single "\\r" stands inside a cell (as "\\v")."""
    with path.open(encoding=reading.codec, errors=reading.errors, newline="") as file:
        start = file.read(1 << 20)
    end = "\n" if "\n" in start else "\r"
    with path.open(encoding=reading.codec, errors=reading.errors, newline=end) as file:
        first = True
        for line in file:
            if first:
                line, first = line.removeprefix("\ufeff"), False
            body = line.removesuffix("\n").removesuffix("\r")
            yield (body.replace("\r", "\v") if "\r" in body else body) + "\n"


def delimiter_of(path: Path, reading: Reading, score: Callable[[list[str]], tuple], first: int) -> str:
    """The separator under which the first rows hold the best row of headings; else the one used most."""
    with path.open(encoding=reading.codec, errors=reading.errors, newline="") as file:
        start = file.read(1 << 16)
    told = start.lstrip("\ufeff")[:7].strip('"').casefold()
    if told.startswith("sep=") and told[4:5] in tuple(DELIMITERS):
        return told[4]
    return max(DELIMITERS, key=lambda each: (_best(path, reading, each, score, first), start.count(each)))


def _best(path: Path, reading: Reading, delimiter: str, score: Callable[[list[str]], tuple], first: int) -> tuple:
    best = score([])
    try:
        for _number, cells in islice(rows_of(path, reading, delimiter), first):
            best = max(best, score(cells))
    except Problem:
        pass
    return best
