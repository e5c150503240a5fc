"""A regulator's file: rows become complaints, the same file changes nothing, a corrected one adds facts."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shouxin.cases.models import Case
from shouxin.complaints.importing.mapping import MappingProblem, load_mapping, parse_mapping
from shouxin.complaints.models import Complaint, ImportedComplaint
from shouxin.core.audience import Audience
from shouxin.record.hearing import HEARERS
from shouxin.record.queries import timeline

HEAD = "file_no,opened,closed,company,coverage,subcoverage,reason,subreason,disposition,conclusion,recovery,status\n"
ROWS = (
    "7001,2026-03-02,2026-03-30,甲公司,Group,Health,Claim Handling,Delays,Claim Settled,Claim Paid,120.50,Closed\n"
    "7001,2026-03-02,2026-03-30,甲公司,Group,Health,Claim Handling,Denial,Claim Settled,Justified,120.50,Closed\n"
    "7002,2026-03-05,2026-05-04,乙公司,Homeowners,,Underwriting,,Company Position Substantiated,,0,Closed\n"
)


@pytest.fixture
def file(tmp_path: Path, settings):
    settings.HOME = tmp_path
    return tmp_path / "complaints.csv"


def run(path: Path, text: str, *more: str) -> dict:
    path.write_text(HEAD + text, encoding="utf-8")
    out = StringIO()
    call_command("import", "complaints", str(path), "--mapping", "regulator_files.toml", "--json", *more, stdout=out)
    told = json.loads(out.getvalue())
    told.pop("seconds")
    return told


def counts(rows=0, created=0, changed=0, unchanged=0, rejected=0) -> dict:
    return {
        "rows_read": rows, "cases_created": created, "cases_changed": changed, "cases_unchanged": unchanged,
        "rows_rejected": rejected,
    }  # fmt: skip


@pytest.mark.django_db
def test_rows_of_one_file_number_are_one_complaint_with_every_reason_it_names(file):
    assert run(file, ROWS) == counts(rows=3, created=2)

    case = ImportedComplaint.objects.get(key="7001").case
    closed = next(e for e in timeline(case.ref, Audience.STAFF) if e.kind == "ComplaintClosed")
    assert (case.state, case.source, case.jurisdiction) == ("closed", "import", "none")
    assert (closed.subreason, closed.recovery, closed.seconds) == (["Delays", "Denial"], "120.50", 28 * 86400)
    assert closed.dims["outcome"] == "upheld"
    assert Complaint.objects.count() == 2


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing(file):
    run(file, ROWS)
    before = _fact_count()

    assert run(file, ROWS) == counts(rows=3, unchanged=2)
    assert _fact_count() == before


@pytest.mark.django_db
def test_a_corrected_file_adds_facts_and_edits_none(file):
    run(file, ROWS)
    case = ImportedComplaint.objects.get(key="7002").case

    assert run(file, ROWS.replace("2026-05-04", "2026-04-04")) == counts(rows=3, changed=1, unchanged=1)

    told = [e for e in timeline(case.ref, Audience.STAFF, limit=50) if e.kind == "ComplaintClosed"]
    standing = [e for e in told if not e.is_corrected]
    assert (len(told), len(standing), standing[0].seconds) == (2, 1, 30 * 86400)
    assert Case.objects.get(pk=case.pk).closed_at == standing[0].happened_at


@pytest.mark.django_db
def test_a_row_that_can_not_be_taken_is_told_with_its_line_and_reason(file):
    wrong = "7003,soon,2026-05-04,丙,Group,,,,,,0,Closed\n,2026-01-01,2026-01-02,丁,,,,,,,0,Closed\n"

    assert run(file, ROWS + wrong) == counts(rows=5, created=2, rejected=2)

    report = next((file.parent / "imports").glob("*rejected*.csv")).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in report] == ["line", "6", "5"]
    assert "soon" in report[2]


@pytest.mark.django_db
def test_an_import_is_heard_by_nobody(file):
    assert HEARERS["CaseOpened"]
    run(file, ROWS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'kind' IN ('CaseOpened', 'CaseClosed')")
        assert cursor.fetchone()[0] == 0
    assert not any(case.letters.exists() for case in Case.objects.all())


@pytest.mark.django_db
def test_a_dry_run_reads_everything_and_writes_nothing(file):
    assert run(file, ROWS, "--dry-run") == counts(rows=3, created=2)
    assert (Case.objects.count(), _fact_count()) == (0, 0)


@pytest.mark.django_db
def test_a_file_without_the_columns_of_its_mapping_is_refused_as_a_whole(file):
    file.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(CommandError, match="file_no"):
        call_command("import", "complaints", str(file), "--mapping", "regulator_files.toml")


def test_a_mapping_says_what_is_wrong_with_it():
    with pytest.raises(MappingProblem, match="opened"):
        parse_mapping('[group]\nkey = "id"\n[one]\nclosed = "b"')
    with pytest.raises(MappingProblem, match="ended"):
        parse_mapping('[group]\nkey = "id"\n[one]\nopened = "a"\n[values.state]\n"X" = "ended"')
    assert load_mapping("regulator_files.toml").jurisdiction == "none"


def _fact_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_fact WHERE source = 'import'")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_policies_are_passed_on_to_their_own_room_and_complaints_need_a_mapping(file):
    file.write_text("保單號碼,身分,客戶編號\nQL-3,要保人,C001\n", encoding="utf-8")
    out = StringIO()
    call_command("import", "policies", str(file), "--dry-run", "--json", stdout=out)

    assert json.loads(out.getvalue())["policies_skipped"] == 1
    with pytest.raises(CommandError, match="--mapping"):
        call_command("import", "complaints", str(file))
