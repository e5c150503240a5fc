"""Print where the first hour begins; nothing once a company lives here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shouxin.people.moving_in import setup_link


class Command(BaseCommand):
    help = "Print the link of the first-run page while nobody has moved in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="only see to it that the token lies in the home")

    def handle(self, *, quiet: bool, **options: Any) -> None:
        if (link := setup_link()) and not quiet:
            self.stdout.write(link)
