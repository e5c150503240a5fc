"""`bin/shouxin verify [--heads FILE] [--json]`: is the record still what was sealed?"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shouxin.core.clock import now
from shouxin.record.sealing import seal_once
from shouxin.record.verifying import Report, States, subject_of, verify


class Command(BaseCommand):
    help = "Recompute every seal and compare; exits 1 and names the first fact that does not match."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", type=Path, help="a file of heads that left the database (heads.log)")
        parser.add_argument("--case", metavar="NUMBER", help="compare the states of this case with its facts")
        parser.add_argument("--all-states", action="store_true", help="compare all states, not a sample")
        parser.add_argument("--no-seal", action="store_true", help="do not seal first what is not sealed yet")
        parser.add_argument("--json", action="store_true", help="print nothing but JSON")

    def handle(self, *, heads: Path | None, case: str | None, **options: Any) -> None:
        if heads and not heads.is_file():
            raise CommandError(f"{heads} is not a file.")
        states = States(subject=_subject(case) if case else "", is_all=options["all_states"])
        if not options["no_seal"]:
            seal_once(now())
        is_shown = not options["json"] and sys.stderr.isatty()
        try:
            report = verify(heads, states=states, tell=self._progress if is_shown else lambda report: None)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(json.dumps(told(report), ensure_ascii=False) if options["json"] else in_words(report))
        if not report.is_whole:
            sys.exit(1)

    def _progress(self, report: Report) -> None:
        self.stderr.write(f"\r{report.batches:,} batches, {report.facts:,} facts", ending="")


def _subject(number: str) -> str:
    if not (subject := subject_of(number)):
        raise CommandError(f"There is no case {number}.")
    return subject


def told(report: Report) -> dict[str, Any]:
    return {
        "ok": report.is_whole,
        "batches": report.batches,
        "facts": report.facts,
        "contents": report.contents,
        "unsealed": report.unsealed,
        "heads": report.heads,
        "states": report.states,
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
    lines.append(
        f"{report.states:,} states compared with the facts about them"
        if report.states
        else "No states compared: none was recorded live. Imported and example cases are compared by --case NUMBER."
    )
    if report.unsealed:
        lines.append(f"{report.unsealed:,} facts are not sealed yet: nothing vouches for them until they are.")
    lines += [f"DOES NOT MATCH: {problem}" for problem in report.problems]
    if not report.is_whole:
        return "\n".join([*lines, "The record was changed."])
    is_nothing = report.unsealed and not report.facts
    return "\n".join([*lines, "Nothing is sealed yet, so nothing is proved." if is_nothing else "The record is whole."])
