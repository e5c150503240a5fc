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
from shouxin.record.queries import timeline
from shouxin.record.subscribers import SUBSCRIBERS

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
        "rows_rejected": rejected, "rows_remarks": 0,
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
    assert SUBSCRIBERS["CaseOpened"]
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


MAPPING = """
[source]
name = "評議中心 115年"
title = "評議中心"
jurisdiction = "tw"
[group]
key = "案號"
[one]
opened = "受理日期"
closed = "結案日期"
state = "狀態"
[many]
reason = "事由"
channel = "管道"
filed_by = "申請人類別"
[split]
reason = ";"
[amount]
recovery = { column = "金額", take = "largest", currency = "TWD" }
[subject]
from = ["reason"]
[values.state]
"已結" = "closed"
"辦理中" = "open"
[values.outcome]
column = "結果"
"有理由" = "upheld"
"""
COLUMNS = "案號,受理日期,結案日期,狀態,事由,管道,申請人類別,金額,結果\n"


def own(file: Path, rows: str | bytes, *more: str, mapping: str = MAPPING, encoding: str = "utf-8") -> dict:
    """Import rows under COLUMNS by a mapping of one's own."""
    toml = file.with_name("own.toml")
    toml.write_text("\ufeff" + mapping, encoding="utf-8")
    file.write_bytes((COLUMNS + rows).encode(encoding))
    out = StringIO()
    call_command("import", "complaints", str(file), "--mapping", str(toml), "--json", *more, stdout=out)
    told = json.loads(out.getvalue())
    told.pop("seconds")
    return told


def closed_of(key: str):
    case = ImportedComplaint.objects.get(key=key).case
    return next(each for each in timeline(case.ref, Audience.STAFF) if each.kind == "ComplaintClosed")


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950", "gb18030"])
def test_a_file_of_the_region_is_imported_with_its_days_splits_and_further_fields(file, encoding):
    rows = '評1,113/01/05,1130205,已結,招攬爭議; 理賠遲延,電話,本人,"36,000",有理由\n'

    assert own(file, rows, encoding=encoding) == counts(rows=1, created=1)
    closed = closed_of("評1")
    assert (closed.seconds, closed.data["days"], closed.recovery) == (31 * 86400, 31, "36000.00")
    assert (closed.reason, closed.data["more"]) == (
        ["招攬爭議", "理賠遲延"], {"channel": ["電話"], "filed_by": ["本人"]},
    )  # fmt: skip
    case = ImportedComplaint.objects.get(key="評1").case
    assert (case.jurisdiction, case.subject, case.number[:3]) == (
        "TW", "招攬爭議 · 理賠遲延", "C24",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_office_of_a_source_with_any_name_leaves_the_settings_as_they_were(file, client, cast):
    own(file, "評1,113/01/05,,辦理中,甲,,,,\n")
    client.force_login(cast.admin)
    organisation = client.get("/settings/")

    assert organisation.status_code == 200 and "評議中心" in organisation.text
    cast.taipei.code = "評議 1/2"
    cast.taipei.save()
    assert client.get("/settings/").status_code == 200


@pytest.mark.django_db
def test_null_and_implausible_days_are_rejected_and_odd_rows_told(file, capsys):
    rows = "".join(
        f"K{place},{day},,辦理中,甲,,,,\n"
        for place, day in enumerate(["0001-01-01", "9999-12-31", "2099-01-01", "2024111", "05/01/2024", "1900-01-01"])
    )
    assert own(file, rows + "K9,2024-01-05,2024-02-05,辦理中,甲,,,,好\n") == counts(rows=7, created=1, rejected=6)
    assert ImportedComplaint.objects.get().key == "K9"
    told = capsys.readouterr().err
    assert "有 1 件" in told and "結案日" in told


@pytest.mark.django_db
def test_a_nul_a_long_key_and_a_formula_are_rows_and_the_report_is_safe(file):
    rows = f"評1,113/01/05,,辦理中,有\x00字,,,,\n{'K' * 400},113/01/05,,辦理中,甲,,,,\n=1+1,昨天,,辦理中,甲,,,,\n"

    assert own(file, rows + "評2,113/01/05,,辦理中,甲,,,,\n") == counts(rows=4, created=1, rejected=3)
    report = next((file.parent / "imports").glob("*rejected*.csv")).read_text(encoding="utf-8-sig")
    assert "'=1+1" in report and ",=1+1" not in report


@pytest.mark.django_db
def test_what_passes_the_trial_passes(file):
    rows = "評1,113/01/05,,辦理中,甲,,,,\n,113/01/05,,辦理中,甲,,,,\n# 備註,,,,,,,,\n"
    expected = counts(rows=2, created=1, rejected=1) | {"rows_remarks": 1}

    assert own(file, rows, "--dry-run") == expected
    assert (Case.objects.count(), _fact_count()) == (0, 0)
    assert own(file, rows) == expected


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('jurisdiction = "tw"', 'jurisdiction = "taiwan"', "jurisdiction"),
        ('take = "largest"', 'take = "biggest"', "biggest"),
        ('take = "largest"', 'takes = "largest"', "takes"), ('closed = "結案日期"', "closed = 5", "closed"),
        ('reason = "事由"', 'reason = ["事由"]', "reason"), ('from = ["reason"]', 'from = "reason"', "from"),
        ('from = ["reason"]', 'from = ["cause"]', "cause"), ('name = "評議中心 115年"', "name = 5", "name"),
        ("[values.state]", "[values.stats]", "stats"), ('"已結" = "closed"', '"已結" = 1', "已結"),
        ("[many]", "[manny]", "manny"),
        ('{ column = "金額", take = "largest", currency = "TWD" }', '"金額"', "recovery"),
        ("[group]", "[group", "TOML"),
        ('currency = "TWD"', 'currency = "XXX"', "currency"), ('[split]\nreason', '[split]\ncause', "cause"),
        ("[group]", '[file]\nhead_row = "2"\n[group]', "head_row"),
        ("[group]", '[file]\ndates = "x"\n[group]', "dates"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_mapping_is_told_by_its_place(before, after, said):
    assert before in MAPPING
    with pytest.raises(MappingProblem, match=said):
        parse_mapping(MAPPING.replace(before, after, 1))


@pytest.mark.django_db
def test_an_interrupted_run_goes_on_where_it_stopped_and_counts_once(file, cast, settings):
    from shouxin.complaints.importing import writing
    from shouxin.complaints.importing.running import carry_out
    from shouxin.tables.importers import Work

    file.write_text(COLUMNS + "評1,113/01/05,,辦理中,甲,,,,\n,113/01/05,,辦理中,甲,,,,\n評2,113/01/06,,辦理中,甲,,,,\n")
    saved = []
    work = Work(file, cast.tsai, False, options={"mapping": MAPPING, "mapping_name": "m"},
                save=lambda told, done: saved.append((dict(told), done)))  # fmt: skip
    full = list(carry_out(work))[-1]
    assert writing.CHUNK > 3 and saved[-1][1] == 1

    again = Work(file, cast.tsai, False, options=work.options, done=1, counts=saved[-1][0])
    assert list(carry_out(again))[-1] == full
    assert (full["rows_read"], full["cases_created"], full["rows_rejected"]) == (3, 2, 1)
    assert [line.number for line in again.lines] == [3]
