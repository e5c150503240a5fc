"""``bin/shouxin import policies FILE [--dry-run] [--json]``."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shouxin.core.guards import Refused
from shouxin.policies.importing.reading import read
from shouxin.policies.importing.taking import outcome_of, take_over
from shouxin.tables.commands import add_choices, choices_of, tell
from shouxin.tables.importers import REJECTED


class Command(BaseCommand):
    help = "Import policies with their people from CSV or a workbook; the same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        add_choices(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        began, file = time.monotonic(), options["file"]
        try:
            report = take_over(read(file, choices_of(options)), by=None, is_trial=options["dry_run"])
        except (Refused, OSError) as problem:
            raise CommandError(str(problem)) from None
        if options["json"]:
            skipped = [
                {"row": row.number, "policy": row.says.get("policy", ""), "reasons": row.reasons}
                for row in report.rows if outcome_of(row) == REJECTED
            ]  # fmt: skip
            seconds = round(time.monotonic() - began, 2)
            told = report.counts | {"seconds": seconds, "skipped": skipped, "notes": report.notes}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            tell(self, report.sentence(), report.lines(), report.notes, stem=file.stem)
