"""`manage.py seal`: close a batch now, as the worker does every twenty seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from shouxin.core.clock import now
from shouxin.record.sealing import seal_once


class Command(BaseCommand):
    help = "Seal what is recorded and committed."

    def handle(self, **options: Any) -> None:
        sealed = seal_once(now())
        self.stdout.write(
            f"Batch {sealed.batch}: {sealed.fact_count:,} facts, head {sealed.head.hex()}"
            if sealed
            else "Nothing to seal, or somebody else is sealing."
        )
