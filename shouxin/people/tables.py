"""Tables that people hand in, CSV or XLSX: the rows as texts under the heads we know, in whatever language."""

import csv
import io
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from shouxin.core.guards import Refused

# As spreadsheets of the region save them; the first in which the needed heads can be read is taken.
ENCODINGS = ("utf-8-sig", "cp950", "gb18030")
REMARK = "#"
Table = list[list[Any]]


def rows_under(
    heads: Mapping[str, str], filename: str, content: bytes, *, needed: Collection[str], most: int
) -> list[dict[str, str]]:
    """Every row below the first, each text under the name of its head; remarks (#) and blank rows are empty texts.

    So the second line of the file is the first row. Raises Refused when it can't be read as such a table.
    """
    tables = [_xlsx(content)] if filename.lower().endswith(".xlsx") else _readings(content)
    if not any(tables):
        raise Refused(
            _("The file is empty. The first row holds the column headings, the second and the others the data.")
        )
    named = [([_name(heads, head) for head in table[0]], table[1:]) for table in tables if table]
    understood, rows = min(named, key=lambda each: sum(name not in each[0] for name in needed))
    if missing := [name for name in needed if name not in understood]:
        titles = {name: head for head, name in reversed(heads.items())}
        raise Refused(
            _("These columns are missing: %(names)s.") % {"names": "、".join(titles[name] for name in missing)}
        )
    if len(rows) > most:
        raise Refused(_("More than %(most)s rows. Please split the file.") % {"most": most})
    return [_row(understood, row) for row in rows]


def _name(heads: Mapping[str, str], head: Any) -> str:
    return heads.get(_text(head).rstrip("*＊").strip().casefold(), "")


def _row(names: list[str], cells: list[Any]) -> dict[str, str]:
    texts = [_text(cell) for cell in cells]
    is_remark = next((text for text in texts if text), "").startswith(REMARK)
    return {name: "" if is_remark else text for name, text in zip(names, texts, strict=False) if name}


def _readings(content: bytes) -> list[Table]:
    """The table in each encoding that it may be in."""
    found = []
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        comma = max(",;\t", key=first.count)
        found.append(list(csv.reader(io.StringIO(text), delimiter=comma)))
    if not found:
        raise Refused(_("The file is neither UTF-8 nor Big5. Please save it as “CSV UTF-8”."))
    return found


def _xlsx(content: bytes) -> Table:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except Exception as problem:  # calamine raises several kinds for a damaged file
        raise Refused(_("The workbook can't be opened. Is it really an .xlsx file?")) from problem


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
