"""What the commands of all imports have in common: the choices, and how the report is told."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from shouxin.tables.importers import REJECTED, REMARK, Line
from shouxin.tables.reading import Choices
from shouxin.tables.reports import write_report

TOLD = 50


def add_choices(parser: CommandParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="do everything, to the last check, and take it back")
    parser.add_argument("--json", action="store_true", help="print the counts and what was not taken as JSON")
    parser.add_argument("--encoding", default="", help="of a text file: utf-8, utf-16, big5, big5-hkscs, gb18030 …")
    parser.add_argument(
        "--dates", default="", choices=["", "day-first", "month-first", "republic"], help="how dates are written"
    )
    parser.add_argument("--sheet", default="", help="of a workbook, where several have these columns")


def choices_of(options: dict[str, Any]) -> Choices:
    return Choices(options["encoding"], options["dates"], options["sheet"])


def tell(command: BaseCommand, sentence: str, lines: Iterable[Line], notes: Sequence[str], *, stem: str) -> None:
    """Notes and rejected rows to standard error, the sentence to standard output; all of them into a file."""
    told = [line for line in lines if line.notes and line.outcome in (REJECTED, REMARK)]
    for note in notes:
        command.stderr.write(note)
    for line in told[:TOLD]:
        command.stderr.write(_("Row %(row)s: %(reasons)s") % {"row": line.number, "reasons": " ".join(line.notes)})
    if (path := write_report(stem, told)) is not None:
        command.stderr.write(_("Rows that were not taken, and why: %(file)s") % {"file": path})
    command.stdout.write(sentence)
