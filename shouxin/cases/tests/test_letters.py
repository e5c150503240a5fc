"""Letters leave once, and whoever serves the case sees when one did not."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.cases import channels
from shouxin.cases.actions import assign, letter_delivered, letter_posted, reply, retry_letter, send_letter
from shouxin.cases.actions.letters import give_up_lost_letters
from shouxin.cases.channels import CHANNELS, email
from shouxin.cases.models import Case, Letter
from shouxin.cases.queries import reach_of
from shouxin.cases.rules import Claimant
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.drawers import draw
from shouxin.core.files import store
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.customers.actions import Person, register
from shouxin.people.models import Company, Deputy
from shouxin.record.erasing import erase
from shouxin.record.queries import timeline
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(cast, opened) -> Case:
    return assign(opened("A15"), by=cast.lin, to=cast.lin, at=NOON)


@pytest.fixture
def letter(cast, case) -> Letter:
    reply(case, by=cast.lin, body="王小姐您好,已請理賠部查明。", at=LATER)
    return Letter.objects.get()


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in timeline(case.ref, Audience.STAFF) if entry.kind.startswith("Letter")]


def test_an_answer_goes_out_by_mail_to_whoever_left_an_address(cast, case, letter):
    assert send_letter(letter.pk, at=LATER) is True

    (message,) = mail.outbox
    assert message.to == ["ya.ting@example.com"]
    assert message.body.startswith("王小姐您好,已請理賠部查明。\n\n")
    assert f"/follow/{case.number}/" in message.body
    assert case.number in message.subject
    assert message.extra_headers["Message-ID"] == letter.message_id
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", LATER)
    assert kinds(case) == ["LetterSent"]


def test_the_job_names_the_letter_by_its_number_alone(cast, case, letter):
    job = ProcrastinateJob.objects.get(task_name="cases.send_letter")

    assert job.args == {"letter": letter.pk}


def test_a_letter_is_sent_once_however_often_the_job_runs(cast, letter):
    assert [send_letter(letter.pk, at=LATER) for _ in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1


def test_a_letter_goes_to_the_address_the_customer_prefers(cast, case, opened):
    customer = register(
        Person(name="王雅婷", contacts=(("email", "preferred@example.com"),)), by=cast.lin, at=NOON
    )  # fmt: skip
    case = assign(opened("A15", customer=customer), by=cast.lin, to=cast.lin, at=NOON)

    reply(case, by=cast.lin, body="您好", at=LATER)

    assert Letter.objects.get(case=case).address == "preferred@example.com"


def test_the_files_of_an_answer_go_with_it(cast, case):
    stored = store(b"%PDF-1.4 decision", "決定書.pdf")
    reply(case, by=cast.lin, body="附上決定書", at=LATER, files=(stored,))

    send_letter(Letter.objects.get().pk, at=LATER)

    assert [(name, kind) for name, _content, kind in mail.outbox[0].attachments] == [("決定書.pdf", "application/pdf")]


def failing(problem: Exception):
    def send(out: channels.Outbound) -> None:
        raise problem

    return channels.Channel(code="email", label="E-mail", icon="mail", send=send)


def test_what_surely_did_not_leave_is_tried_again_later(cast, case, letter, monkeypatch):
    monkeypatch.setitem(CHANNELS, "email", failing(channels.NotSent("ConnectionRefusedError")))

    assert send_letter(letter.pk, at=LATER) is False

    letter.refresh_from_db()
    assert (letter.state, letter.tries) == ("queued", 1)
    assert ProcrastinateJob.objects.filter(task_name="cases.send_letter").count() == 2


def test_after_many_tries_the_officer_is_told(cast, case, letter, monkeypatch):
    monkeypatch.setitem(CHANNELS, "email", failing(channels.NotSent("ConnectionRefusedError")))

    for _ in range(8):
        send_letter(letter.pk, at=LATER)

    letter.refresh_from_db()
    assert (letter.state, letter.failure) == ("failed", "ConnectionRefusedError")
    assert kinds(case) == ["LetterFailed"]


def test_a_refusal_of_the_server_is_seen_and_can_be_retried(cast, case, letter, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setitem(CHANNELS, "email", failing(smtplib.SMTPRecipientsRefused({})))
        assert send_letter(letter.pk, at=LATER) is False
    letter.refresh_from_db()
    assert letter.state == "failed"

    retry_letter(letter, by=cast.lin, at=LATER)

    assert send_letter(letter.pk, at=LATER) is True
    assert len(mail.outbox) == 1
    assert kinds(case) == ["LetterSent", "LetterFailed"]


def test_a_letter_of_which_nobody_knows_whether_it_left_is_never_sent_again_by_itself(cast, case, letter):
    Letter.objects.filter(pk=letter.pk).update(begun_at=LATER)

    assert send_letter(letter.pk, at=LATER) is False
    assert give_up_lost_letters(at=LATER + timedelta(hours=1)) == 1

    letter.refresh_from_db()
    assert (letter.state, letter.failure) == ("failed", "unknown")
    assert mail.outbox == []


def test_a_letter_that_was_being_sent_during_the_erasure_leaves_no_copy(
    case, letter, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "shouxin.core.mailing.EmailBackend", tmp_path / "mail"

    def send(out: channels.Outbound) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            erase(case.ref, by=None, reason="當事人請求", at=LATER)
        email.send(out)
        assert len(list((tmp_path / "mail").rglob("*.eml"))) == 1

    monkeypatch.setitem(CHANNELS, "email", channels.Channel(code="email", label="E-mail", icon="mail", send=send))

    assert send_letter(letter.pk, at=LATER) is True
    assert list((tmp_path / "mail").rglob("*.eml")) == []


def test_a_letter_that_was_sent_is_not_retried(cast, letter):
    send_letter(letter.pk, at=LATER)

    with pytest.raises(Refused):
        retry_letter(letter, by=cast.lin, at=LATER)

    assert len(mail.outbox) == 1


def test_paper_letters_are_posted_by_a_person_and_delivered_as_the_receipt_says(cast, case, opened):
    customer = register(Person(name="王雅婷", contacts=(("address", "台北市信義路一段1號"),)), by=cast.lin, at=NOON)
    case = assign(opened("A15", customer=customer, channel="letter"), by=cast.lin, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="隨函覆知", channel="letter", at=LATER)
    letter = Letter.objects.get(case=case)
    with pytest.raises(Refused):
        letter_delivered(letter, by=cast.lin, at=LATER)

    letter_posted(letter, by=cast.lin, at=LATER)
    letter_delivered(letter, by=cast.lin, at=LATER + timedelta(days=2))

    assert kinds(case) == ["LetterDelivered", "LetterSent"]
    assert Letter.objects.get().state == "delivered"


def test_who_stands_in_today_records_the_arrival_of_an_earlier_day_and_who_stood_in_then_does_not(cast, opened):
    customer = register(Person(name="王雅婷", contacts=(("address", "台北市信義路一段1號"),)), by=cast.lin, at=NOON)
    case = assign(opened("A15", customer=customer, channel="letter"), by=cast.lin, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="隨函覆知", channel="letter", at=LATER)
    letter, arrived = Letter.objects.get(case=case), LATER + timedelta(days=2)
    letter_posted(letter, by=cast.lin, at=LATER)
    row = Deputy.objects.create(staff=cast.lin, deputy=cast.chen, from_on=day_of(arrived), until_on=day_of(arrived))
    with pytest.raises(NotAllowed):
        letter_delivered(letter, by=cast.chen, at=arrived)
    row.from_on = row.until_on = day_of(now())
    row.save()

    letter_delivered(letter, by=cast.chen, at=arrived)

    assert Letter.objects.get().delivered_at == arrived


def test_nobody_is_written_to_whose_address_we_do_not_know(cast, opened):
    case = assign(opened("A15", claimant=Claimant(name="無名")), by=cast.lin, to=cast.lin, at=NOON)

    reply(case, by=cast.lin, body="您好", at=LATER)

    assert Letter.objects.count() == 0


def test_imported_cases_write_to_nobody(cast, opened):
    case = assign(opened("A15", source="import"), by=cast.lin, to=cast.lin, at=NOON)

    reply(case, by=cast.lin, body="您好", at=LATER)

    assert Letter.objects.count() == 0
    assert ProcrastinateJob.objects.count() == 0


@pytest.mark.parametrize("code", sorted(CHANNELS))
def test_every_channel_reads_its_own_sample(code):
    channel = CHANNELS[code]

    assert str(channel.label)
    assert channel.icon
    assert channel.parse is None or channel.parse(channel.sample).body


def test_without_a_mail_server_a_letter_is_filed_and_not_said_to_be_sent(cast, case, letter, settings, tmp_path):
    settings.EMAIL_BACKEND = "shouxin.people.mailing.HouseMail"
    settings.EMAIL_FILE_PATH = tmp_path
    assert reach_of(case).leaves is False
    assert send_letter(letter.pk, at=LATER) is True

    assert kinds(case) == ["LetterFiled"]
    assert len(list(tmp_path.rglob("*.eml"))) == 1
    (entry,) = [each for each in timeline(case.ref, Audience.STAFF) if each.kind == "LetterFiled"]
    assert draw(entry).text == "已存檔，未寄出（電子郵件）：還沒設定郵件伺服器"
    assert [each.kind for each in timeline(case.ref, Audience.CUSTOMER) if each.kind.startswith("Letter")] == []

    Company.objects.update(mail_host="mail.example")
    assert reach_of(case).leaves is True
