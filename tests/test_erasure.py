"""A customer asks to be forgotten: of what he told us nothing is left anywhere, and the record still verifies."""

from pathlib import Path

import pytest
from django.db import connection

from shouxin.cases.actions import assign, note, open_case, receive, reply, save_draft, send_letter
from shouxin.cases.models import Case, Letter, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions as complaining
from shouxin.complaints import ending
from shouxin.complaints.models import Complaint, FinalLetter
from shouxin.core.clock import now
from shouxin.core.files import path_of, store
from shouxin.core.refs import Ref
from shouxin.portal.actions import renew_link
from shouxin.record.erasing import erase
from shouxin.record.sealing import seal_once
from shouxin.record.verifying import verify
from tests.cast import NOON, Cast, make_cast
from tests.databases import stored_anywhere

pytestmark = pytest.mark.database
# Words that occur nowhere else, so that finding one of them means that it was left behind.
NAME, PHONE, EMAIL = "龘靐齉", "0987654321", "taa.ping@example.org"
SUBJECT, BODY, ANSWER, NOTED, WRITING, FILE = "齾爨未付", "鸞鬱籲之事", "虋驫已收", "灩籱要查", "纞麤稿子", "钃厵證明"
FOUND, WHY, RENEWED = "鑿龗查得", "爩灪之故", "齉齾轉寄"
ALL = (
    FOUND,
    WHY,
    RENEWED,
    NAME,
    PHONE,
    EMAIL,
    SUBJECT,
    SUBJECT[:2],
    BODY,
    BODY[:2],
    ANSWER,
    ANSWER[:2],
    NOTED,
    WRITING,
    FILE,
)


@pytest.fixture
def home(own_database, settings, tmp_path: Path) -> Path:
    settings.HOME, settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = tmp_path, tmp_path / "attachments", tmp_path / "mail"
    settings.EMAIL_BACKEND = "shouxin.core.mailing.EmailBackend"
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
    _answer_finally(complaining.ensure_complaint(case), cast)
    save_draft(case, by=cast.lin, body=WRITING, at=NOON)
    renew_link(case, by=cast.lin, reason=RENEWED, at=NOON)
    assert all(send_letter(letter.pk, at=NOON) for letter in Letter.objects.filter(channel="email"))
    return case


def _answer_finally(complaint: Complaint, cast: Cast) -> None:
    complaining.appoint(complaint, by=cast.lin, investigator=cast.chen, at=NOON)
    complaining.sign_findings(complaint, by=cast.chen, text="無人接續。", at=NOON)
    verdict = complaining.Verdict("upheld", FOUND, WHY)
    complaining.decide(complaint, by=cast.lin, verdict=verdict, at=NOON)
    ending.send_final_letter(complaint, by=cast.lin, at=NOON)


def _seal() -> None:
    while seal_once(now()) is None and verify().unsealed:
        pass


def test_of_an_erased_case_nothing_personal_is_left_anywhere_and_the_record_still_verifies(case, home):
    assert all(stored_anywhere(text) for text in ALL), "the test looks in the right places"
    letter = FinalLetter.objects.get()
    mail = home / "mail" / f"case-{case.pk}"
    assert len(list(mail.glob("*.eml"))) == 2
    assert path_of(letter.checksum).exists()
    _seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM people_staff WHERE account = 'tsai'")
        tsai = Ref("staff", cursor.fetchone()[0])
    assert erase(case.ref, by=tsai, reason="當事人請求", at=NOON) == 6
    _seal()
    assert {text: places for text in ALL if (places := stored_anywhere(text))} == {}
    assert not mail.exists()
    assert verify().problems == []
    case.refresh_from_db()
    assert (case.number != "", case.asker, case.touch_count) == (True, "", 5)
    assert not path_of(letter.checksum).exists(), "the final letter says what was found"


def test_erasing_one_answer_takes_the_mail_that_said_it_and_leaves_the_others(case, home):
    answer = Letter.objects.filter(channel="email", touch__isnull=False).earliest("queued_at")
    mail = home / "mail" / f"case-{case.pk}"

    erase([answer.touch.fact], by=None, reason="寄錯人", at=NOON)

    (left,) = mail.glob("*.eml")
    assert answer.message_id.strip("<>").partition("@")[0] not in left.name
