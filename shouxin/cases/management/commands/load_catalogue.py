from django.core.management.base import BaseCommand

from shouxin.cases.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Loads the catalogue of services and the first reply templates; safe to run again."

    def handle(self, *args: str, **options: object) -> None:
        self.stdout.write(f"{load_catalogue()} services")
