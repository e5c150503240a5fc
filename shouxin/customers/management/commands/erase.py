"""`bin/shouxin erase CUSTOMER --reason …`: all that is known of a person goes; what went is told by table."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shouxin.core.guards import Refused
from shouxin.customers.erasure import erase_customer
from shouxin.customers.models import Customer
from shouxin.record.erasing import Erased, export_erasures, preview


class Command(BaseCommand):
    help = "Erase all that is known of a customer, under every number merged into it. It can't be undone."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("customer", help="the customer's number")
        parser.add_argument("--reason", required=True, help="why: it stands in the record, so name nobody in it")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would go")
        parser.add_argument("--json", action="store_true", help="print nothing but JSON")

    def handle(self, *, customer: str, reason: str, dry_run: bool, **options: Any) -> None:
        found = Customer.objects.filter(number=customer).first()
        if found is None:
            raise CommandError(f"There is no customer {customer}.")
        report = preview(found.ref) if dry_run else self._erased(found, reason.strip())
        if not dry_run:
            export_erasures()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report) | {"dry_run": dry_run}))
            return
        self.stdout.write("\n".join([
            f"{customer} {'would be' if dry_run else 'is'} erased: {report.contents:,} contents of facts.",
            *(f"  {table}: {count:,} rows changed or removed" for table, count in report.tables.items()),
        ]))  # fmt: skip

    @staticmethod
    def _erased(customer: Customer, reason: str) -> Erased:
        try:
            return erase_customer(customer, by=None, reason=reason)[1]
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
