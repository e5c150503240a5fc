"""``bin/shouxin import policies FILE [--dry-run] [--json]``."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from shouxin.core.guards import Refused
from shouxin.policies.importing.reading import WRONG, read
from shouxin.policies.importing.taking import Report, take_over

TOLD = 50


class Command(BaseCommand):
    help = "Import policies with their people from CSV or XLSX; the same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument("--json", action="store_true", help="print the counts and the skipped rows as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began, file = time.monotonic(), options["file"]
        try:
            report = take_over(read(file.name, file.read_bytes()), by=None, is_trial=options["dry_run"])
        except (Refused, OSError) as problem:
            raise CommandError(str(problem)) from None
        skipped = [
            {"row": row.number, "policy": row.policy, "reasons": row.reasons}
            for row in report.rows if row.result == WRONG
        ]  # fmt: skip
        if options["json"]:
            seconds = round(time.monotonic() - began, 2)
            self.stdout.write(json.dumps(report.counts | {"seconds": seconds, "skipped": skipped}, ensure_ascii=False))
        else:
            self._tell(report, skipped)

    def _tell(self, report: Report, skipped: list[dict[str, Any]]) -> None:
        for each in skipped[:TOLD]:
            told = {"row": each["row"], "reasons": " ".join(each["reasons"])}
            self.stderr.write(_("Row %(row)s: %(reasons)s") % told)
        if more := len(skipped) - TOLD if len(skipped) > TOLD else 0:
            self.stderr.write(_("And %(n)s rows more; --json tells them all.") % {"n": more})
        self.stdout.write(report.sentence())
