"""The report of an import as a file: every row that was not simply taken, safe in any spreadsheet."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from shouxin.core.clock import now
from shouxin.core.spreadsheets import safe_row
from shouxin.tables.importers import REJECTED, Line
from shouxin.tables.uploads import folder

# So many rows a page shows in the order of the file; of more, those that were not taken come first.
FEW = 300
HEAD = ["line", "key", "reason", "outcome"]


def write_report(stem: str, lines: Iterable[Line], *, is_whole: bool = False) -> Path | None:
    """A CSV of what was rejected or remarked (with `is_whole` of every row): line, key, reasons. None where empty."""
    told = [line for line in lines if is_whole or line.notes]
    if not told:
        return None
    path = folder() / f"{stem[:80]}-rejected-{now():%Y%m%d-%H%M%S}.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        out.writerows(
            safe_row([line.number, line.key, " ".join(line.notes), line.outcome])
            for line in sorted(told, key=lambda line: line.outcome != REJECTED and len(told) > FEW)
        )
    path.chmod(0o600)
    return path


def rewrite(path: Path, rows: Iterable[list[str]]) -> None:
    """Put these rows in the place of those of a report, all or none: a full disk must not leave half of it."""
    beside = path.with_name(f".{path.name}.part")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows(rows)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_report(path: Path, most: int) -> tuple[list[dict[str, str]], int]:
    """The first lines of a report, and how many more there are."""
    shown, more = [], 0
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if len(shown) < most:
                shown.append(row)
            else:
                more += 1
    return shown, more


def words_of_outcome(outcome: str) -> str:
    return {"new": _("new"), "changed": _("changed"), "same": _("unchanged"), "remark": _("remark")}.get(
        outcome, _("not taken")
    )
