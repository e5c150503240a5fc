"""The customer's door: asked without an account, acknowledged by letter, read by a link that can be replaced."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from shouxin.cases.actions import assign, close, note, open_case, reply, send_letter
from shouxin.cases.models import Attachment, Case, Letter, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions as complaining
from shouxin.complaints import ending
from shouxin.core.files import store
from shouxin.core.rights import NotAllowed
from shouxin.people.organisation import office_outside
from shouxin.portal import jobs, queries
from shouxin.portal.actions import renew_link
from shouxin.portal.jobs import link_of
from shouxin.portal.models import LinkRenewal
from tests.cast import NOON

PDF = b"%PDF-1.4 \n%proof\n"
SAID = {
    "service": "A14", "subject": "想問繳費", "body": "保費什麼時候扣款?", "name": "王雅婷", "phone": "0912345417",
    "email": "ya.ting@example.com",
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ask(client, cast):
    def send(*files, **other):
        given = {**SAID, "key": str(uuid4()), **other}
        return client.post(reverse("portal:ask"), {**given, "files": list(files)} if files else given)

    return send


def upload(content: bytes = PDF, name: str = "收據.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def path_of(case: Case) -> str:
    return "/" + link_of(case).split("/", 3)[3]


def hear_opened(case: Case) -> None:
    jobs.send_receipt(0, {"subject": str(case.ref)})


def test_a_request_gives_a_number_a_link_and_the_files_are_kept(ask, client):
    answer = ask(upload())

    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{path_of(case)}?new=1")
    assert [file.name for file in Attachment.objects.filter(case=case)] == ["收據.pdf"]
    assert "收據.pdf" in client.get(path_of(case)).content.decode()


def test_a_file_we_can_not_take_is_told_at_its_field_and_nothing_typed_is_lost(ask):
    answer = ask(upload(b"MZ" + b"0" * 80, "program.exe"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "program.exe" in page and "保費什麼時候扣款?" in page and "再選一次檔案" in page
    assert Case.objects.count() == 0


def test_complaining_comes_first_among_at_most_ten_wishes(client, cast):
    page = client.get(reverse("portal:ask")).content.decode()

    wishes = re.findall(r'<option value="(\w+)">', page)
    assert (wishes[0], len(wishes)) == ("A15", 10)
    assert "selected" in client.get(reverse("portal:ask") + "?about=A15").content.decode()


def test_imported_data_never_become_the_office_of_a_customer(cast):
    office_outside("a-regulator", name="某監理機關", jurisdiction="none")

    assert queries.office_for(None) == cast.taipei


def test_too_many_requests_of_an_hour_are_told_kindly_and_what_was_typed_stays(ask, settings):
    settings.SHOUXIN_INTAKE_PER_HOUR = 1
    ask()
    answer = ask()

    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "0800-000-417" in answer.content.decode() and "保費什麼時候扣款?" in answer.content.decode()
    assert Case.objects.count() == 1


def test_the_receipt_with_the_link_leaves_once_in_the_customers_language(ask):
    ask()
    case = Case.objects.get()
    hear_opened(case)
    hear_opened(case)

    letter = Letter.objects.get()
    assert send_letter(letter.pk) is True
    (message,) = mail.outbox
    assert message.to == ["ya.ting@example.com"]
    assert message.subject == f"我們已收到您的案件 {case.number}"
    assert link_of(case) in message.body and "王雅婷" not in message.body


def test_nobody_is_written_to_who_gave_no_address_or_whose_case_an_officer_took_down(cast, ask):
    ask(email="")
    taken_down = open_case(
        by=cast.chang, service=Service.objects.get(pk="A14"), channel="phone", subject="問", body="問。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", email="ya.ting@example.com"),
    )  # fmt: skip
    for case in Case.objects.with_people():
        hear_opened(case)

    assert taken_down.channel == "phone"
    assert Letter.objects.count() == 0


def test_notes_and_files_among_ourselves_are_never_shown_to_the_customer(cast, ask, client):
    ask()
    case = assign(Case.objects.get(), by=cast.chang, to=cast.chang)
    note(case, by=cast.chang, body="客戶語氣急")
    Attachment.objects.create(
        case=case, name="內部.pdf", media_type="application/pdf", size=1, checksum="0" * 64,
        added_at=NOON, added_by=cast.huang,
    )  # fmt: skip
    reply(case, by=cast.chang, body="每月五日扣款。", files=(store(PDF, "扣款表.pdf"),))

    page = client.get(path_of(case)).content.decode()
    assert "每月五日扣款。" in page and "扣款表.pdf" in page
    assert "語氣急" not in page and "內部.pdf" not in page


def test_a_replaced_link_opens_a_kind_page_and_the_new_one_the_case(cast, ask, client):
    ask()
    case = assign(Case.objects.get(), by=cast.chang, to=cast.chang)
    old = path_of(case)
    client.force_login(cast.chang)

    unsaid = client.post(reverse("portal:renewal", args=[case.number]), {"reason": " "})
    assert unsaid.status_code == 303 and not LinkRenewal.objects.exists()
    client.post(reverse("portal:renewal", args=[case.number]), {"reason": "客戶轉寄給別人了"})

    gone = client.get(old)
    assert (gone.status_code, client.get(path_of(case)).status_code) == (404, 200)
    assert "0800-000-417" in gone.content.decode() and reverse("portal:lost") in gone.content.decode()


def test_a_link_expires_some_months_after_the_case_was_closed(cast, ask, client):
    ask()
    case = assign(Case.objects.get(), by=cast.chang, to=cast.chang)
    close(case, by=cast.chang, reason="withdrawn")
    Case.objects.filter(pk=case.pk).update(
        opened_at=timezone.now() - timedelta(days=200), closed_at=timezone.now() - timedelta(days=150)
    )

    assert client.get(path_of(case)).status_code == 404


def test_the_final_letter_and_the_next_step_are_on_the_page_the_letter_for_the_customer_alone(cast, ask, client):
    ask(service="A15")
    case = assign(Case.objects.with_people().get(), by=cast.chou, to=cast.lin)
    complaint = complaining.ensure_complaint(case)
    complaining.appoint(complaint, by=cast.lin, investigator=cast.chen)
    complaining.sign_findings(complaint, by=cast.chen, text="無人接續。")
    verdict = complaining.Verdict("upheld", "扣款重複。", "應退還一次。")
    complaining.decide(complaint, by=cast.lin, verdict=verdict)
    letter = ending.send_final_letter(complaint, by=cast.lin)
    case = Case.objects.with_people().get()
    pdf = path_of(case) + f"letters/{letter.pk}/"

    page = client.get(path_of(case)).content.decode()
    assert pdf in page and "如您不接受本公司處理結果" in page
    assert b"".join(client.get(pdf).streaming_content).startswith(b"%PDF")
    client.cookies.clear()
    assert client.get(pdf).status_code == 303
    assert pdf not in client.get(path_of(case)).content.decode()


def test_only_who_serves_the_case_may_replace_its_link(cast, ask):
    ask()
    case = assign(Case.objects.get(), by=cast.chang, to=cast.chang)
    with pytest.raises(NotAllowed):
        renew_link(case, by=cast.huang, reason="好奇")


@pytest.mark.parametrize(
    "name",
    ["您的帳戶已停用，請至 http://evil.example/login 重新驗證", "evil.example", "a@b.example", "www.evil", "王/小明"],
)
def test_a_name_that_leads_elsewhere_is_asked_again(cast, ask, name):
    assert ask(name=name).status_code == 422
    assert ask(name="J. Smith-王").status_code == 303
    assert Case.objects.count() == 1


def test_a_link_asked_for_again_waits_under_the_number_of_the_case_alone(cast, ask, client):
    ask()
    case = Case.objects.get()
    for _again in range(4):
        client.post("/service/link/", {"number": case.number, "email": "ya.ting@example.com"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'mail_link'")
        waiting = [args if isinstance(args, dict) else json.loads(args) for (args,) in cursor.fetchall()]
    assert waiting == [{"case": case.pk, "place": 0}] * 3
    jobs.mail_link(**waiting[0])
    assert [message.to for message in mail.outbox] == [["ya.ting@example.com"]]
