"""The command prints JSON and nothing else, or a table for people."""

import json

import pytest
from django.core.management import CommandError, call_command

from shouxin.measures.tests.makers import at, span, write

pytestmark = pytest.mark.django_db
WEEK = ("--from", "2026-11-02", "--to", "2026-11-09")


@pytest.fixture
def closed(cast):
    write(
        [
            span("ComplaintClosed", 1, at("2026-11-01"), at("2026-11-03"), team="a", actor=str(cast.lin.ref)),
            span("ComplaintClosed", 2, at("2026-10-01"), at("2026-11-04"), team="a", actor=str(cast.chen.ref)),
            span("ComplaintClosed", 3, at("2026-11-01"), at("2026-11-04"), team="b", actor="customer:9"),
        ]
    )


def run(capsys, *words):
    call_command("measure", *words)
    return capsys.readouterr().out


def test_json_has_exactly_what_is_promised(closed, capsys):
    told = json.loads(run(capsys, "complaints-closed-within", *WEEK, "--days", "2", "--by", "team", "--json"))

    assert list(told) == ["indicator", "version", "unit", "rows"]
    assert (told["indicator"], told["version"], told["unit"]) == ("complaints-closed-within", 3, "share")
    assert list(told["rows"][0]) == ["by", "numerator", "denominator", "value", "n", "low", "high"]
    assert [(each["by"], each["numerator"], each["denominator"]) for each in told["rows"]] == [
        ({"team": "a"}, 1, 2),
        ({"team": "b"}, 0, 1),
    ]


def test_colleagues_are_named_by_their_account(closed, capsys):
    told = json.loads(run(capsys, "complaints-closed", *WEEK, "--by", "staff", "--json"))
    assert [(each["by"]["staff"], each["value"]) for each in told["rows"]] == [("", 1), ("chen", 1), ("lin", 1)]

    of_lin = json.loads(run(capsys, "complaints-closed", *WEEK, "--where", "staff=lin", "--json"))
    assert of_lin["rows"][0]["value"] == 1


def test_a_key_twice_means_one_or_the_other(closed, capsys):
    words = ("complaints-closed", *WEEK, "--where", "team=a", "--where", "team=b", "--json")

    assert json.loads(run(capsys, *words))["rows"][0]["value"] == 3


def test_nothing_found_is_a_count_of_zero_and_a_share_of_nothing(db, capsys):
    count = json.loads(run(capsys, "complaints-closed", *WEEK, "--json"))["rows"]
    share = json.loads(run(capsys, "complaints-closed-within", *WEEK, "--json"))["rows"]

    assert (count[0]["value"], count[0]["n"]) == (0, 0)
    assert (share[0]["value"], share[0]["low"], share[0]["high"]) == (None, None, None)
    assert json.loads(run(capsys, "complaints-closed", *WEEK, "--by", "month", "--json"))["rows"] == []


def test_people_read_a_table(closed, capsys):
    told = run(capsys, "complaints-closed", *WEEK, "--by", "week,team").splitlines()

    assert told[-2].split() == ["2026-11-02", "a", "2", "1", "2", "0.2422–7.225", "2"]


@pytest.mark.parametrize(
    "words",
    [
        ("complaints-won", *WEEK),
        ("complaints-closed", "--from", "2026-11-09", "--to", "2026-11-09"),
        ("complaints-closed", *WEEK, "--stat", "p90"),
        ("complaints-closed", *WEEK, "--by", "year,month"),
        ("complaints-closed", *WEEK, "--by", "team; drop"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(words, db):
    with pytest.raises(CommandError):
        call_command("measure", *words)
