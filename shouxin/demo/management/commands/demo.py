"""``bin/shouxin demo --size small|full``: load the example insurer into an empty home."""

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from shouxin.core.clock import now
from shouxin.demo.insurer import KNOWN, LEADERS, PASSWORD
from shouxin.demo.loading import SIZES, load
from shouxin.people.models import Company, Staff

WIDTH = 40


class Command(BaseCommand):
    help = "Load the example insurer 晴川人壽 into an empty home."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="full")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--if-empty", action="store_true", help="say nothing and do nothing in a home that is used")
        parser.add_argument("--accounts", action="store_true", help="only print one account of each post")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._print_accounts()
            return
        if Company.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError(_("This home is in use; the example insurer needs an empty one. Choose another --home."))
        began = time.monotonic()
        counts = load(size=options["size"], now=now(), seed=options["seed"], progress=self._progress)
        counts["seconds"] = round(time.monotonic() - began, 1)
        if sys.stderr.isatty():
            self.stderr.write("")
        told = _(
            "The example insurer is loaded: %(staff)s staff, %(customers)s customers, %(policies)s policies, "
            "%(cases)s cases (%(seconds)s s)."
        )
        self.stdout.write(json.dumps(counts) if options["json"] else told % counts)

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            share = min(done / total, 1)
            self.stderr.write(f"\r{'█' * int(share * WIDTH):·<{WIDTH}} {share:4.0%}", ending="")

    def _print_accounts(self) -> None:
        known = [account for account, _name in (*KNOWN.values(), *LEADERS.values())]
        staff = {each.account: each for each in Staff.objects.filter(account__in=known).select_related("team")}
        if not staff or not Company.objects.filter(is_example=True).exists():
            return
        for account in known:
            if each := staff.get(account):
                functions = "、".join(str(f) for f in each.functions)
                self.stdout.write(f"  {account:<8} {PASSWORD}   {each.get_post_display()} {each.name} {functions}")
