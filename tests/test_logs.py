"""What a log may hold."""

import logging

import pytest

from config.logs import WithoutSecrets


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /follow/C26-028707/5422f886ab/unlocking/", "Not Found: /follow/C26-028707/…/unlocking/"),
        ("Forbidden: /password/new/Mw/abc-def123/", "Forbidden: /password/new/Mw/…/"),
        ("GET /setup/?token=s3cret&x=1", "GET /setup/?token=…&x=1"),
        ("Not Found: /cases/C26-028707/", "Not Found: /cases/C26-028707/"),
    ],
)
def test_the_secret_of_a_link_is_cut_out_of_every_line(said, written):
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, "%s", (said,), None)

    assert WithoutSecrets("%(message)s").format(record) == written
