"""Shared by all tests: the cast, the profile of hypothesis, and a database that is a real PostgreSQL."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("SHOUXIN_TESTING", "1")
os.environ.setdefault("SHOUXIN_ROLE", "owner")
pytest_plugins = ["tests.databases", "tests.browser"]
settings.register_profile("ci", max_examples=50, deadline=None)
settings.load_profile("ci")


def pytest_configure() -> None:
    """Speak all languages."""
    from django.utils.translation.reloader import translation_file_changed

    from config.catalogues import compile_all

    if compile_all():
        translation_file_changed(None, Path("django.mo"))


@pytest.fixture
def cast(db):
    """A small insurer; see tests/cast.py."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def client():
    """Sends forms as our pages do, with a key, and looks through every page it is given; see tests/sending.py."""
    from tests.sending import Client

    return Client()


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """No name of its own for each worker: `bin/test` gives each a server of its own."""


@pytest.fixture(scope="session")
def template_database(django_db_setup, django_db_blocker):
    """The migrated test database; made here where no test asked pytest-django for it."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = []
    with django_db_blocker.unblock():
        if not connection.settings_dict["NAME"].startswith("test_"):
            made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(template_database, django_db_blocker):
    """A database of its own with real commits; see tests/databases.py."""
    from tests.databases import cloned

    with django_db_blocker.unblock(), cloned() as name:
        yield name


@pytest.fixture(autouse=True)
def company_moved_in():
    """Tests live in a founded house; those of the first hour forget it again."""
    from shouxin.people import moving_in

    moving_in.remember()
