"""A customer asks to be forgotten: of what he told us nothing is left anywhere, and the record still verifies."""

from pathlib import Path

import pytest
from django.db import connection

from shouxin.cases.actions import assign, note, open_case, receive, reply, save_draft
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.core.files import store
from shouxin.core.refs import Ref
from shouxin.record.erasing import erase
from shouxin.record.sealing import seal_once
from shouxin.record.verifying import verify
from tests.cast import NOON, make_cast
from tests.databases import stored_anywhere

pytestmark = pytest.mark.database
# Words that occur nowhere else, so that finding one of them means that it was left behind.
NAME, PHONE, EMAIL = "龘靐齉", "0987654321", "taa.ping@example.org"
SUBJECT, BODY, ANSWER, NOTED, WRITING, FILE = "齾爨未付", "鸞鬱籲之事", "虋驫已收", "灩籱要查", "纞麤稿子", "钃厵證明"
ALL = (NAME, PHONE, EMAIL, SUBJECT, SUBJECT[:2], BODY, BODY[:2], ANSWER, ANSWER[:2], NOTED, WRITING, FILE)


@pytest.fixture
def home(own_database, settings, tmp_path: Path) -> Path:
    settings.HOME, settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = tmp_path, tmp_path / "attachments", tmp_path / "mail"
    return tmp_path


@pytest.fixture
def case(home) -> Case:
    cast = make_cast()
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(code="A15"), channel="web", subject=SUBJECT, body=BODY,
        branch=cast.taipei, claimant=Claimant(name=NAME, phone=PHONE, email=EMAIL),
        files=(store(FILE.encode(), f"{NAME}.txt"),),
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body=ANSWER, at=NOON)
    receive(case, body=BODY, channel="web", at=NOON)
    note(case, by=cast.lin, body=NOTED, at=NOON)
    save_draft(case, by=cast.lin, body=WRITING, at=NOON)
    return case


def _seal() -> None:
    while seal_once(NOON) is None and verify().unsealed:
        pass


def test_of_an_erased_case_nothing_personal_is_left_anywhere_and_the_record_still_verifies(case, home):
    assert all(stored_anywhere(text) for text in ALL), "the test looks in the right places"
    _seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM people_staff WHERE account = 'tsai'")
        tsai = Ref("staff", cursor.fetchone()[0])
    assert erase(case.ref, by=tsai, reason="當事人請求", at=NOON) == 4
    _seal()
    assert {text: places for text in ALL if (places := stored_anywhere(text))} == {}
    assert verify().problems == []
    case.refresh_from_db()
    assert (case.number != "", case.asker, case.touch_count) == (True, "", 4)
