"""Print where the first hour begins; nothing once a company lives here."""

from django.core.management.base import BaseCommand

from shouxin.people.moving_in import setup_link


class Command(BaseCommand):
    help = "Print the link of the first-run page while nobody has moved in."

    def handle(self, *args, **options) -> None:
        if link := setup_link():
            self.stdout.write(link)
