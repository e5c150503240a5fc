"""`manage.py reapply_erasures`: after a backup was restored, erase again what was erased since."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shouxin.record.erasing import erasures_file, reapply


class Command(BaseCommand):
    help = "Erase again what the list of erasures names; run it once after restoring a backup, before serving."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", type=Path, default=None, help="the list (erasures.log of the home)")

    def handle(self, *, list: Path | None, **options: Any) -> None:
        path = list or erasures_file()
        try:
            report = reapply(path)
        except FileNotFoundError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{report.contents:,} contents erased again by {path.name}.")
        for table, count in report.tables.items():
            self.stdout.write(f"  {table}: {count:,} rows changed or removed")
