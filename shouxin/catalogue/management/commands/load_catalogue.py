from django.core.management.base import BaseCommand

from shouxin.cases.actions.cataloguing import HOUSE
from shouxin.cases.catalogue import load_catalogue
from shouxin.core.audience import Audience
from shouxin.record.queries import timeline


class Command(BaseCommand):
    help = "Loads the catalogue of services and the first reply templates; what was changed by hand stays."

    def handle(self, *args: str, **options: object) -> None:
        by_hand = (each for each in timeline(HOUSE, Audience.STAFF, limit=100_000) if each.kind == "ServiceChanged")
        self.stdout.write(f"{load_catalogue(spared=frozenset(each.service for each in by_hand))} services")
