from django.core.management.base import BaseCommand

from shouxin.cases.catalogue import load_catalogue
from shouxin.catalogue.queries import changed_by_hand


class Command(BaseCommand):
    help = "Loads the catalogue of services and the first reply templates; what was changed by hand stays."

    def handle(self, *args: str, **options: object) -> None:
        self.stdout.write(f"{load_catalogue(spared=changed_by_hand())} services")
