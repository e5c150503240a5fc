"""Erasure reaches every report of an import, also beside files that can't be read or rewritten."""

import csv
from pathlib import Path

import pytest
from django.db import transaction

from shouxin.core.refs import Ref
from shouxin.record.erasing import Erasing
from shouxin.tables.forgetting import forget
from shouxin.tables.importers import Line
from shouxin.tables.reports import write_report
from shouxin.tables.uploads import folder
from tests.cast import NOON

pytestmark = pytest.mark.django_db
WANG = Ref("customer", 9)
ERASING = Erasing(frozenset(), frozenset(), WANG, NOON, frozenset({WANG}), frozenset({"王雅婷"}))


@pytest.fixture
def report(settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    lines = [Line(2, "王雅婷", ("讀不懂",), "rejected"), Line(3, "陳志明", ("讀不懂",), "rejected")]
    return write_report("policies", lines)


def keys(report: Path) -> list[str]:
    with report.open(newline="", encoding="utf-8-sig") as file:
        return [row[1] for row in csv.reader(file)]


def test_a_report_that_cannot_be_rewritten_keeps_no_other_and_no_later_hook(report, django_capture_on_commit_callbacks):
    (folder() / "a.csv").mkdir()
    (folder() / "z.csv").mkdir()
    later = []

    with django_capture_on_commit_callbacks(execute=True):
        forget(ERASING)
        transaction.on_commit(lambda: later.append("mail"))

    assert keys(report) == ["key", "陳志明"]
    assert report.stat().st_mode & 0o777 == 0o600
    assert later == ["mail"]
    assert [path.name for path in folder().iterdir() if path.name.endswith(".part")] == []


def test_a_report_that_cannot_be_read_as_rows_goes_as_a_whole(report, django_capture_on_commit_callbacks):
    report.write_text(f"2,王雅婷,{'x' * 200_000},rejected\n", encoding="utf-8-sig")

    with django_capture_on_commit_callbacks(execute=True):
        forget(ERASING)

    assert not report.exists()
