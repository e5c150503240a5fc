"""``bin/shouxin import complaints FILE --mapping FILE.toml [--dry-run] [--json]``; ``import policies`` is passed on."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from shouxin.complaints.importing.mapping import MappingProblem, load_mapping
from shouxin.complaints.importing.reading import FileProblem
from shouxin.complaints.importing.running import importing, write_rejections
from shouxin.complaints.importing.writing import Tally


class Command(BaseCommand):
    help = "Import real complaints from CSV, XLSX or Parquet, or policies; the same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["complaints", "policies"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", help="a TOML file, or the name of a shipped one; of complaints only")
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "policies":
            plain = {name: options[name] for name in ("dry_run", "json", "stdout", "stderr") if name in options}
            call_command("import_policies", options["file"], **plain)
            return
        if not options["mapping"]:
            raise CommandError("--mapping is needed: it says what the columns of the file mean")
        began, tally = time.monotonic(), Tally()
        try:
            mapping = load_mapping(options["mapping"])
            for tally in importing(options["file"], mapping, is_dry_run=options["dry_run"]):
                self._progress(tally, is_quiet=options["json"])
        except (MappingProblem, FileProblem) as problem:
            raise CommandError(str(problem)) from None
        counts = {
            "rows_read": tally.rows_read, "cases_created": tally.cases_created, "cases_changed": tally.cases_changed,
            "cases_unchanged": tally.cases_unchanged, "rows_rejected": tally.rows_rejected,
            "seconds": round(time.monotonic() - began, 2),
        }  # fmt: skip
        report = write_rejections(options["file"].stem, tally.rejections)
        if report:
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
