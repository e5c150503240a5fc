"""`manage.py prepare`: everything between a fresh checkout and a running server, each step only where it is needed."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shouxin.core.identity import problem_of_key, take_new_key

# Two servers that start on one database prepare it one after the other.
LOCK = 7_203_552_001


class Command(BaseCommand):
    # Checks walk all pages; they are for tests, a start must be quick.
    requires_system_checks = []
    help = "Migrate, grant the web role what it may do, collect static files, load the example insurer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the example insurer into an empty house")

    def handle(self, *, demo: bool, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        migrate()
        check_key()
        call_command("record_grants")
        collect()
        if demo:
            call_command("demo", if_empty=True)
        call_command("setup_link", quiet=True)
        with open(settings.HOME / "run" / "accounts.txt", "w", opener=_for_its_owner) as told:
            call_command("demo", accounts=True, stdout=told)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def check_key() -> None:
    """A house that people live in starts with the key its links were made with, or says what to do."""
    if os.environ.get("SHOUXIN_NEW_SECRET_KEY"):
        take_new_key()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM people_company)")
        is_lived_in = cursor.fetchone()[0]
    if problem := problem_of_key(is_lived_in=is_lived_in):
        raise CommandError(problem)


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect() -> None:
    """Static files with hashed names, when one of them has changed."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())
