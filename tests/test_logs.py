"""What a log may hold."""

import logging
import sys

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


def test_an_odd_request_of_a_stranger_is_one_line():
    try:
        raise ValueError("of no use to anybody")
    except ValueError:
        told = sys.exc_info()
    lines = []
    for name in ("django.security.TooManyFieldsSent", "shouxin.worker"):
        record = logging.LogRecord(name, logging.ERROR, "x.py", 1, "too many", (), told)
        lines.append(WithoutSecrets("%(message)s").format(record).splitlines())

    assert lines[0] == ["too many"]
    assert lines[1][-1] == "ValueError: of no use to anybody"
