"""What a state says is compared with the facts: a row changed behind the product's back is named by `verify`."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shouxin.cases.actions import assign, open_case, reply
from shouxin.cases.models import Case, Service
from shouxin.complaints import actions as complaining
from shouxin.complaints import ending
from shouxin.promises.models import Promise
from shouxin.record.verifying import States, verify
from tests.cast import NOON, make_cast

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]


@pytest.fixture
def case(settings, tmp_path) -> Case:
    """A complaint that was answered and decided, with its letter."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "attachments"
    cast = make_cast()
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(code="A15"), channel="web", subject="未付", body="請查",
        branch=cast.taipei,
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="已收到", at=NOON)
    complaint = complaining.ensure_complaint(case)
    complaining.appoint(complaint, by=cast.lin, investigator=cast.chen, at=NOON)
    complaining.sign_findings(complaint, by=cast.chen, text="查得", at=NOON)
    complaining.decide(complaint, by=cast.lin, verdict=complaining.Verdict("upheld", "查得", "因此"), at=NOON)
    ending.send_final_letter(complaint, by=cast.lin, at=NOON)
    return case


def _told(**asked) -> list[str]:
    return [problem.text for problem in verify(states=States(**asked)).problems]


_DECISION = (
    "complaint_id, findings, reasons, redress_kind, redress_amount, redress_currency, change, without_findings, by_id"
)
_LETTER = "complaint_id, decision_id, checksum, file, channel, next_step_until, sent_by_id, sent_at"
TAMPERINGS = {
    "UPDATE promises_promise SET due_at = due_at + interval '30 days'": "due at another instant",
    "UPDATE promises_promise SET state = 'running', ended_at = NULL, ended_by = NULL": "another state",
    "UPDATE cases_case SET opened_at = opened_at - interval '5 days'": "was opened otherwise",
    "UPDATE cases_case SET state = 'closed', closed_at = opened_at": "is open or was closed otherwise",
    "UPDATE complaints_decision SET outcome = 'refused'": "decision",  # one is not there, another no fact tells of
    "DELETE FROM complaints_finalletter": "the letter it tells of is not there",
    f"INSERT INTO complaints_decision ({_DECISION}, outcome, at) SELECT {_DECISION}, 'refused', at + interval '1 hour'"
    " FROM complaints_decision": "no fact tells of a decision in case",
    f"INSERT INTO complaints_finalletter ({_LETTER}, repeat) SELECT {_LETTER}, 1"
    " FROM complaints_finalletter": "no fact tells of a letter in case",
    "DELETE FROM promises_promise WHERE id = (SELECT max(id) FROM promises_promise)": "it tells of is not there",
    "UPDATE promises_promise SET id = id + 1000 WHERE id = (SELECT max(id) FROM promises_promise)": "promise",
}


@pytest.mark.parametrize("sql", TAMPERINGS)
def test_a_state_changed_by_hand_is_named(case, sql):
    assert Promise.objects.filter(state="kept").exists()
    assert _told(is_all=True) == []
    with connection.cursor() as cursor:
        # The guards of promises are off for whoever owns the database and wants them off.
        cursor.execute("ALTER TABLE promises_promise DISABLE TRIGGER USER")
        cursor.execute(sql)

    for asked in ({"subject": str(case.ref)}, {"is_all": True}, {}):
        told = _told(**asked)
        assert told and all(TAMPERINGS[sql] in each for each in told)


def test_a_case_is_asked_by_its_number(case, capsys):
    call_command("verify", case=case.number.lower())
    assert "states compared with the facts about them" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no case"):
        call_command("verify", case="C99-000001")
