"""`manage.py record_grants`: what the web role may do, after every migration; and the record made ready to write."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from config.env import DatabaseUrl
from shouxin.core.clock import now
from shouxin.record.granting import grant
from shouxin.record.partitions import make_partitions


class Command(BaseCommand):
    help = "As the owner: grant the web role its rights, without any over what is sealed; make the months ahead."

    def handle(self, **options: Any) -> None:
        make_partitions(now())
        with connection.cursor() as cursor:
            cursor.execute("SELECT record_advance_epoch()")
        if settings.SHOUXIN_WEB_URL != settings.SHOUXIN_OWNER_URL:
            grant(DatabaseUrl.parse(settings.SHOUXIN_WEB_URL).user)
