"""The words for what is wrong with a file or a row of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

Found = dict[str, Any]


def words_of_problem(found: Found, titles: Mapping[str, str]) -> str:
    told = _WORDS.get(found["problem"])
    if found["problem"] == "columns_missing":
        missing = "、".join(str(titles.get(name, name)) for name in found["missing"])
        there = "、".join(found["there"])
        return (
            _("These columns are missing: %(names)s.") % {"names": missing}
            + " "
            + _("The headings must stand in one of the first 20 rows. Best fits the row with: %(there)s.")
            % {"there": there or "–"}
        )
    return told(found) if told else _("The file can't be read.")


def words_of_row(problem: str) -> str:
    code, *numbers = problem.split(":")
    if code == "too_many":
        return _("The row has %(n)s cells, the headings %(width)s: perhaps a separator stands within a text.") % {
            "n": numbers[0], "width": numbers[1],
        }  # fmt: skip
    if code == "too_few":
        return _("The row has only %(n)s cells, the headings %(width)s.") % {"n": numbers[0], "width": numbers[1]}
    if code == "nul":
        return _("A cell holds a NUL character, which no text has.")
    return _("A cell is longer than a spreadsheet allows (32,767 characters).")


def _encodings(found: Found) -> str:
    told = "; ".join(f"{name}: “{sample}”" for name, sample in found["fitting"])
    return _("Its encoding can't be told. Choose the one that reads right: %(told)s.") % {"told": told}


_WORDS: dict[str, Callable[[Found], str]] = {
    "empty": lambda found: _(
        "The file is empty. The first row holds the column headings, the second and the others the data."
    ),
    "too_large": lambda found: _("The file claims to be larger than can be read. Please split it."),
    "too_slow": lambda found: _("Reading the file takes too long. Please split it."),
    "too_many_rows": lambda found: _("More than %(most)s rows. Please split the file.") % {"most": found["most"]},
    "too_many_columns": lambda found: _("More than %(most)s columns. Please remove those that are not needed.")
    % {"most": found["most"]},
    "workbook_damaged": lambda found: _("The workbook can't be opened. Is it really an .xlsx file?"),
    "parquet_damaged": lambda found: _("The Parquet file can't be read: it is damaged or incomplete."),
    "password": lambda found: _("The workbook is protected by a password. Save it without one."),
    "web_page": lambda found: _(
        "This is a web page or XML, whatever its name says. Open it in a spreadsheet and save it as .xlsx or CSV."
    ),
    "no_table": lambda found: _("This is no table. CSV, XLSX, XLS, ODS or Parquet can be read."),
    "encoding_unknown": lambda found: _("There is no encoding “%(name)s”. Known are: %(known)s.")
    % {"name": found["name"], "known": ", ".join(found["known"])},
    "encoding_fails": lambda found: _("Line %(line)s can't be read as %(name)s.")
    % {"line": found["line"], "name": found["name"]},
    "encoding_none": lambda found: _(
        "The file is neither UTF-8 nor UTF-16, Big5 or GB18030 (line %(line)s). Please save it as “CSV UTF-8”."
    )
    % {"line": found["line"]},
    "encoding_unclear": _encodings,
    "quote_open": lambda found: _("A quotation mark that opens in line %(line)s is not closed rightly.")
    % {"line": found["line"]},
    "head_twice": lambda found: _("Two headings mean the same column: %(heads)s. Keep one.")
    % {"heads": "、".join(found["heads"])},
    "sheets_unclear": lambda found: _("Several sheets have these columns: %(names)s. Say which one.")
    % {"names": "、".join(found["fitting"])},
    "sheet_unknown": lambda found: _("There is no sheet “%(name)s”. There are: %(there)s.")
    % {"name": found["name"], "there": "、".join(found["there"])},
}  # fmt: skip
