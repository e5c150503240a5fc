"""A regulator's file, imported: page, file and command say what the file says, to the row."""

import csv
import io
import json
import random
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.urls import reverse

from shouxin.measures.asking import Question
from shouxin.measures.engine import facts_behind

SINCE, LAST = date(2024, 1, 1), date(2025, 12, 31)
UNTIL = LAST + timedelta(days=1)
COLUMNS = (
    "file_no", "opened", "closed", "company", "coverage", "subcoverage", "reason", "subreason", "disposition",
    "conclusion", "recovery", "status",
)  # fmt: skip


def lines(rng: random.Random):
    """Rows as the regulator writes them: a complaint is as many rows as it has reasons, and some name two companies."""
    for number in range(7_000_000, 7_000_240):
        opened = date(2023, 10, 1) + timedelta(days=rng.randrange(760))
        closed = opened + timedelta(days=rng.choice((0, 1, 14, 30, 45, 46, 90, 200)))
        companies = rng.sample(["甲公司", "乙公司", "丙公司"], rng.choice((1, 1, 1, 2)))
        for reason in rng.sample(["Claim Handling", "Underwriting", "Marketing & Sales"], rng.choice((1, 1, 2, 3))):
            for company in companies:
                yield (str(number), opened, closed, company, "Group", "Health", reason, f"{reason}, detail",
                       "Claim Settled", "Justified", 120.5, "Closed")  # fmt: skip


@pytest.fixture
def imported(cast, tmp_path, settings, client):
    """The file in the record, and as a table to ask in plain SQL."""
    settings.HOME = tmp_path
    columns = dict(zip(COLUMNS, zip(*lines(random.Random(2026)), strict=True), strict=True))
    path = tmp_path / "complaints.parquet"
    pq.write_table(pa.table({name: list(values) for name, values in columns.items()}), path)
    call_command("import", "complaints", str(path), "--mapping", "regulator_files.toml", "--json", stdout=io.StringIO())
    client.force_login(cast.chou)
    file = duckdb.connect()
    file.execute(f"CREATE TABLE line AS SELECT * FROM '{path}'")
    file.execute(
        "CREATE TABLE complaint AS SELECT file_no, min(opened) AS opened, max(closed) AS closed FROM line GROUP BY 1"
    )
    return file


def told(code: str, *words: str) -> list[dict]:
    out = io.StringIO()
    call_command("measure", code, "--from", f"{SINCE}", "--to", f"{UNTIL}", *words, "--json", stdout=out)
    return json.loads(out.getvalue())["rows"]


def closed_in_period(what: str, more: str = "") -> str:
    return f"SELECT {what} FROM complaint WHERE closed >= DATE '{SINCE}' AND closed < DATE '{UNTIL}' {more}"


@pytest.mark.django_db
def test_complaints_opened_and_closed_are_those_of_the_file_month_by_month(imported):
    for code, day in (("complaints-opened", "opened"), ("complaints-closed", "closed")):
        expected = imported.execute(
            f"SELECT strftime({day}, '%Y-%m'), count(*) FROM complaint"
            f" WHERE {day} >= DATE '{SINCE}' AND {day} < DATE '{UNTIL}' GROUP BY 1 ORDER BY 1"
        ).fetchall()

        assert [(row["by"]["month"], row["value"]) for row in told(code, "--by", "month")] == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stat", "sql"),
    [
        ("median", "quantile_cont(closed - opened, 0.5)"),
        ("p90", "quantile_cont(closed - opened, 0.9)"),
        ("mean", "avg(closed - opened)"),
    ],
)
def test_days_to_close_are_those_of_the_file(imported, stat, sql):
    expected = imported.execute(closed_in_period(f"sum(closed - opened), count(*), {sql}")).fetchone()

    row = told("complaint-days-to-close", "--stat", stat)[0]

    assert (row["numerator"], row["denominator"], row["value"]) == (*expected[:2], pytest.approx(expected[2]))


@pytest.mark.django_db
def test_closed_within_forty_five_days_is_that_of_the_file_year_by_year(imported):
    sql = "strftime(closed, '%Y'), count(*) FILTER (closed - opened <= 45), count(*)"
    expected = imported.execute(closed_in_period(sql, "GROUP BY 1 ORDER BY 1")).fetchall()

    rows = told("complaints-closed-within", "--days", "45", "--by", "year")

    assert [(row["by"]["year"], row["numerator"], row["denominator"]) for row in rows] == expected


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["reason", "company"])
def test_page_file_command_and_facts_count_a_complaint_once_for_each_of_its_values(imported, client, key):
    expected = imported.execute(
        f"SELECT {key}, count(DISTINCT file_no) FROM line WHERE closed >= DATE '{SINCE}' AND closed < DATE '{UNTIL}'"
        " GROUP BY 1 ORDER BY 1"
    ).fetchall()
    query = f"?since={SINCE}&last={LAST}&by={key}"

    page = client.get(reverse("measures:indicator", args=["complaints-closed"]) + query).context["sheet"]
    file = client.get(reverse("measures:figures", args=["complaints-closed"]) + query).content.decode("utf-8-sig")

    assert [(row["by"][key], row["value"]) for row in told("complaints-closed", "--by", key)] == expected
    assert sorted((line.label, line.figure.value) for line in page.lines) == sorted(expected)
    assert [(row[key], int(row["value"])) for row in csv.DictReader(io.StringIO(file))] == expected
    for value, count in expected:
        asked = Question("complaints-closed", SINCE, UNTIL, by=(key,)).within({key: value})
        assert len({fact.id for fact in facts_behind(asked, limit=1000)}) == count


@pytest.mark.django_db
def test_what_the_file_leaves_open_at_a_month_s_end_is_the_backlog_of_that_month(imported):
    expected = imported.execute(
        f"SELECT strftime(m, '%Y-%m'), count(*) FROM range(DATE '{SINCE}', DATE '{UNTIL}', INTERVAL 1 MONTH) AS r(m),"
        " complaint WHERE opened < m + INTERVAL 1 MONTH AND closed >= m + INTERVAL 1 MONTH GROUP BY 1 ORDER BY 1"
    ).fetchall()

    assert [(row["by"]["month"], row["value"]) for row in told("backlog", "--by", "month")] == expected
