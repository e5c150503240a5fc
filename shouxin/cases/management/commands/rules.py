"""The terms that bind the insurer and what begins them, as docs/rules.md holds them."""

from typing import Any

from django.core.management.base import BaseCommand

from shouxin.cases.reaching import page


class Command(BaseCommand):
    help = "Write the list of terms and what begins them (docs/rules.md) to standard output."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(page(), ending="")
