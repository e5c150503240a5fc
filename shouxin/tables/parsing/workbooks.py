"""Workbooks by calamine: whatever the file's name says. Their extent is asked before a table is made of it."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from shouxin.tables.parsing.problems import Problem

MOST_UNPACKED = 1 << 30
MOST_RATIO = 250
MOST_PARTS = 5_000
MOST_MERGED = 100_000
PART = 1 << 20
# A cell with content; those that are only formatted end with "/>" and take no room.
_CELL = re.compile(rb'<(?:[a-z]+:)?c (?:[^>]*? )?r="([A-Z]{1,3})([0-9]{1,7})"(?:[^>]*?[^/>])?>')
_ROW = re.compile(rb'<(?:[a-z]+:)?row [^>]*?\br="([0-9]{1,7})"[^>]*[^/]>')
_NAMELESS = re.compile(rb"<(?:[a-z]+:)?c(?: (?!r=)[a-z]+=\"[^\"]*\")*>")


def kind_of(path: Path) -> str:
    """What the file is by its content: a workbook, Parquet or text. Raises Problem for what is no table."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise Problem("empty")
    if start.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "workbook"
    if start.startswith(b"PAR1"):
        return "parquet"
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<style", b"<div")):
        raise Problem("web_page")
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"MZ")):
        raise Problem("no_table")
    return "text"


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Problem("workbook_damaged") from None
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Problem("too_large")
    for part in parts:
        if part.file_size > 10 * PART and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise Problem("too_large")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise Problem("no_table")
    return "workbook"


class Workbook:
    """The sheets of a workbook, each asked for its extent first."""

    def __init__(self, path: Path, *, most_rows: int, most_columns: int) -> None:
        self.most_rows, self.most_columns = most_rows, most_columns
        if zipfile.is_zipfile(path):
            self._require_extent(path)
        try:
            # By its content: from a path the suffix would decide.
            self.book = CalamineWorkbook.from_filelike(path.open("rb"))
        except PasswordError:
            raise Problem("password") from None
        except MemoryError:
            raise
        except Exception as problem:  # calamine raises several kinds for a damaged file
            encrypted = "password" in str(problem).lower() or "encrypt" in str(problem).lower()
            raise Problem("password" if encrypted else "workbook_damaged") from None
        self.names = list(self.book.sheet_names)

    def _require_extent(self, path: Path) -> None:
        """Refuse a sheet whose cells lie further out than any table we take, before room is made for them."""
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                    self._require_sheet(archive, name)

    def _require_sheet(self, archive: zipfile.ZipFile, name: str) -> None:
        columns: set[bytes] = set()
        rest, last = b"", 0
        try:
            with archive.open(name) as file:
                while part := file.read(PART):
                    text = rest + part
                    cut = text.rfind(b"<") + 1 or len(text)
                    rest, text = text[cut - 1 :], text[: cut - 1]
                    cells = _CELL.findall(text)
                    columns.update(column for column, _row in cells)
                    last = max(last, max((int(row) for _column, row in cells), default=0))
                    if _NAMELESS.search(text):
                        last = max(last, max(map(int, _ROW.findall(text)), default=0))
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
            raise Problem("workbook_damaged") from None
        if last > self.most_rows + 1_000:
            raise Problem("too_many_rows", most=self.most_rows)
        if max(map(_place, columns), default=0) > self.most_columns:
            raise Problem("too_many_columns", most=self.most_columns)

    def rows(self, name: str) -> Iterator[tuple[int, list[Any]]]:
        """(number, cells) of a sheet as it numbers them; a merged cell says the same in each row it spans."""
        sheet = self._sheet(name)
        if sheet.start is None or sheet.end is None:
            return
        if sheet.end[0] > self.most_rows + 1_000:
            raise Problem("too_many_rows", most=self.most_rows)
        if sheet.end[1] >= self.most_columns:
            raise Problem("too_many_columns", most=self.most_columns)
        spans = spans_of(sheet)
        said: dict[int, Any] = {}
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            for column, ranges in spans.items():
                for first, until in ranges:
                    if number == first:
                        said[column] = cells[column] if column < len(cells) else ""
                    elif first < number <= until and column < len(cells) and cells[column] in ("", None):
                        cells[column] = said.get(column, "")
            yield number, cells

    def spans(self, name: str) -> dict[int, list[tuple[int, int]]]:
        return spans_of(self._sheet(name))

    def _sheet(self, name: str) -> CalamineSheet:
        try:
            return self.book.get_sheet_by_name(name)
        except MemoryError:
            raise
        except Exception:  # a damaged sheet, a chart
            raise Problem("workbook_damaged") from None


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def spans_of(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """Of merged cells that span several rows: column → (first, last row), rows from 1."""
    merged = sheet.merged_cell_ranges or []
    if len(merged) > MOST_MERGED:
        raise Problem("too_large")
    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (first, column), (last, _until) in merged:
        if last > first:
            spans[column].append((first + 1, last + 1))
    return spans
