"""Erasure reaches the reports of imports: rows that name the erased complaint go, the others stay."""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from shouxin.complaints.importing.running import folder
from shouxin.complaints.models import ImportedComplaint
from shouxin.complaints.tests.test_importing import HEAD, ROWS
from shouxin.record.erasing import erase
from tests.cast import NOON

pytestmark = pytest.mark.django_db
WRONG = "7001,soon,2026-05-04,甲公司,Group,,,,,,0,Closed\n7003,never,2026-05-04,丙公司,Group,,,,,,0,Closed\n"


@pytest.fixture
def report(settings, tmp_path: Path) -> Path:
    """Two rejected rows: one of a complaint that was imported before, one of a complaint nobody knows."""
    settings.HOME = tmp_path
    for text in (ROWS, WRONG):
        file = tmp_path / "complaints.csv"
        file.write_text(HEAD + text, encoding="utf-8")
        call_command("import", "complaints", str(file), "--mapping", "regulator_files.toml", "--json", stdout=None)
    return next(folder().glob("*-rejected-*.csv"))


def keys(report: Path) -> list[str]:
    with report.open(newline="", encoding="utf-8-sig") as file:
        return [row[1] for row in csv.reader(file)]


def test_a_rejected_row_of_an_erased_complaint_leaves_the_report(report, django_capture_on_commit_callbacks):
    case = ImportedComplaint.objects.get(key="7001").case
    assert sorted(keys(report)) == ["7001", "7003", "key"]

    with django_capture_on_commit_callbacks(execute=True):
        erase(case.ref, by=None, reason="當事人請求", at=NOON)

    assert keys(report) == ["key", "7003"]
    assert "soon" not in report.read_text(encoding="utf-8-sig")


def test_the_erasure_of_another_complaint_leaves_the_report_as_it_is(report, django_capture_on_commit_callbacks):
    before = report.read_bytes()

    with django_capture_on_commit_callbacks(execute=True):
        erase(ImportedComplaint.objects.get(key="7002").case.ref, by=None, reason="當事人請求", at=NOON)

    assert report.read_bytes() == before
