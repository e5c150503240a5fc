"""Shared by all tests: the cast, the profile of hypothesis, and a database that is a real PostgreSQL."""

import os

import pytest
from hypothesis import settings

os.environ.setdefault("SHOUXIN_TESTING", "1")
os.environ.setdefault("SHOUXIN_ROLE", "owner")
settings.register_profile("ci", max_examples=50, deadline=None)
settings.load_profile("ci")


def pytest_configure() -> None:
    """Hash quickly: what is slow on purpose in service would only make the tests slow."""
    from django.conf import settings as django_settings

    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db):
    """A small insurer; see tests/cast.py."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def own_database(django_db_setup, django_db_blocker):
    """A database of this test's own, cloned from the migrated one: what it commits is seen by threads and processes.

    Yields its name. The triggers stay on, so nothing is flushed; the clone is dropped.
    """
    from django.db import connection, connections

    with django_db_blocker.unblock():
        template = connection.settings_dict["NAME"]
        clone = f"{template}_own"
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{clone}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{clone}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = clone
        try:
            yield clone
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = template
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{clone}" WITH (FORCE)')
