"""`bin/shouxin verify [--heads FILE] [--json]`: is the record still what was sealed?"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shouxin.record.verifying import Report, verify


class Command(BaseCommand):
    help = "Recompute every seal and compare; exits 1 and names the first fact that does not match."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", type=Path, help="a file of heads that left the database (heads.log)")
        parser.add_argument("--json", action="store_true", help="print nothing but JSON")

    def handle(self, *, heads: Path | None, **options: Any) -> None:
        if heads and not heads.is_file():
            raise CommandError(f"{heads} is not a file.")
        is_shown = not options["json"] and sys.stderr.isatty()
        report = verify(heads, tell=self._progress if is_shown else lambda report: None)
        self.stdout.write(json.dumps(told(report), ensure_ascii=False) if options["json"] else in_words(report))
        if not report.is_whole:
            sys.exit(1)

    def _progress(self, report: Report) -> None:
        self.stderr.write(f"\r{report.batches:,} batches, {report.facts:,} facts", ending="")


def told(report: Report) -> dict[str, Any]:
    return {
        "ok": report.is_whole,
        "batches": report.batches,
        "facts": report.facts,
        "contents": report.contents,
        "unsealed": report.unsealed,
        "heads": report.heads,
        "seconds": round(report.seconds, 3),
        "facts_per_second": report.facts_per_second,
        "problems": [{"fact": problem.fact, "text": problem.text} for problem in report.problems],
    }


def in_words(report: Report) -> str:
    lines = [
        f"{report.batches:,} batches, {report.facts:,} facts and {report.contents:,} contents checked"
        f" in {report.seconds:.1f} s ({report.facts_per_second:,} facts/s); {report.unsealed:,} not yet sealed",
    ]
    if report.heads:
        lines.append(f"{report.heads:,} heads compared")
    lines += [f"DOES NOT MATCH: {problem}" for problem in report.problems]
    return "\n".join([*lines, "The record is whole." if report.is_whole else "The record was changed."])
