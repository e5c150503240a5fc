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
