"""``bin/shouxin import complaints FILE --mapping FILE.toml [--dry-run] [--json]``; ``import policies`` is passed on."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from shouxin.complaints.importing.mapping import load_mapping
from shouxin.complaints.importing.running import importing, notes_of
from shouxin.complaints.importing.writing import Manner, Tally
from shouxin.core.guards import Refused
from shouxin.tables.commands import add_choices, choices_of
from shouxin.tables.importers import REJECTED, Line
from shouxin.tables.reports import write_report

PASSED = ("dry_run", "json", "encoding", "dates", "sheet", "stdout", "stderr")


class Command(BaseCommand):
    help = "Import real complaints from CSV, XLSX or Parquet, or policies; the same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["complaints", "policies"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", help="a TOML file, or the name of a shipped one; of complaints only")
        add_choices(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "policies":
            plain = {name: options[name] for name in PASSED if name in options}
            call_command("import_policies", options["file"], **plain)
            return
        if not options["mapping"]:
            raise CommandError("--mapping is needed: it says what the columns of the file mean")
        began, tally, notes = time.monotonic(), Tally(), []
        try:
            mapping = load_mapping(options["mapping"])
            how, choices = Manner(options["dry_run"]), choices_of(options)
            for told in importing(options["file"], mapping, how=how, tally=tally, choices=choices, notes=notes):
                self._progress(told, is_quiet=options["json"])
        except Refused as problem:
            raise CommandError(str(problem)) from None
        counts = {
            "rows_read": tally.rows_read, "cases_created": tally.cases_created, "cases_changed": tally.cases_changed,
            "cases_unchanged": tally.cases_unchanged,
            "rows_rejected": tally.rows_rejected, "rows_remarks": tally.rows_remarks,
            "seconds": round(time.monotonic() - began, 2),
        }  # fmt: skip
        for note in (*notes, *notes_of(tally, mapping)):
            self.stderr.write(note)
        lines = [Line(each.line, each.key, REJECTED, (each.reason,)) for each in tally.rejections]
        if report := write_report(options["file"].stem, lines):
            self.stderr.write(_("Rejected rows and why: %(file)s") % {"file": report})
        self.stdout.write(json.dumps(counts) if options["json"] else self._told(counts))

    def _progress(self, tally: Tally, *, is_quiet: bool) -> None:
        if not is_quiet and sys.stderr.isatty():
            self.stderr.write(f"\r{tally.rows_read:,}", ending="")

    def _told(self, counts: dict[str, Any]) -> str:
        return _(
            "%(rows_read)s rows read: %(cases_created)s cases created, %(cases_changed)s changed, %(cases_unchanged)s "
            "unchanged; %(rows_rejected)s rows rejected; %(seconds)s seconds."
        ) % {name: f"{value:,}" for name, value in counts.items()}
