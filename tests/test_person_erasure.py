"""A person asks to be forgotten: whatever they were called by, in every table and every folder, nothing is left."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from urllib.parse import quote_plus
from uuid import uuid4

import duckdb
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from shouxin.cases.actions import assign, link_customer, note, open_case, receive, request_papers, save_draft, tag
from shouxin.cases.models import Case, SavedView, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions, ending
from shouxin.complaints.models import Decision, FinalLetter, Findings
from shouxin.core.clock import now
from shouxin.core.files import path_of, store
from shouxin.core.guards import Refused
from shouxin.customers.actions import Person, add_contact, note_care, register
from shouxin.customers.erasure import erase_customer
from shouxin.customers.models import Customer
from shouxin.customers.ties import Authority, merge, record_authority
from shouxin.measures.store import store as copy_of_figures
from shouxin.people.models import Notice
from shouxin.people.notices import notify
from shouxin.policies.models import Policy, PolicyRole, Product
from shouxin.record.erasing import erase_with_report, erasures_file, export_erasures, reapply
from shouxin.record.sealing import seal_once
from shouxin.record.verifying import verify
from shouxin.tables import uploads
from shouxin.tables.importers import Line
from shouxin.tables.models import ImportRun
from shouxin.tables.reports import write_report
from tests.cast import NOON, Cast, make_cast
from tests.databases import stored_anywhere

pytestmark = pytest.mark.database
# Words that occur nowhere else, so that finding one of them means that it was left behind.
WORDS = {
    "name": "龘靐齉", "other name": "龘靐驫", "id": "A123456789", "phone": "0987654321", "mail": "taa.ping@example.org",
    "address": "鸞鬱路九號", "subject": "齾爨未付", "first": "鸞鬱籲之事", "second": "虋驫又問", "note": "灩籱要查",
    "draft": "纞麤稿子", "file": "钃厵證明", "paper": "鱻羴病歷", "latin paper": "zqxpaper", "tag": "龗龖標記",
    "care": "麤纞重聽", "document": "厵钃委任書", "reason": "爩灪核對", "orphan": "籲鸞孤檔", "job": "zqx@job.example",
    "findings": "齾纞查得", "decided": "虋籲認定", "reasons": "钃麤理由", "upload": "爩龖上傳",
}  # fmt: skip


@pytest.fixture
def home(own_database, settings, tmp_path: Path) -> Path:
    settings.HOME, settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = tmp_path, tmp_path / "attachments", tmp_path / "mail"
    settings.EMAIL_BACKEND = "shouxin.core.mailing.EmailBackend"
    return tmp_path


@pytest.fixture
def cast(home) -> Cast:
    return make_cast()


def _person(cast: Cast, name: str) -> Customer:
    contacts = (("phone", WORDS["phone"]), ("email", WORDS["mail"]), ("address", WORDS["address"]))
    return register(Person(name=name, id_number=WORDS["id"], contacts=contacts), by=cast.chang, at=NOON)


@pytest.fixture
def customer(cast) -> Customer:
    """A customer known under two numbers, with a case that was opened before anybody knew whose it was."""
    first, second = _person(cast, WORDS["other name"]), _person(cast, WORDS["name"])
    add_contact(second, by=cast.chang, kind="email", value=WORDS["job"], at=NOON)
    note_care(second, by=cast.chang, kind="access", text=WORDS["care"], at=NOON)
    someone = register(Person(name="別人"), by=cast.chang, at=NOON)
    authority = Authority(second, "claim", date(2026, 1, 1), None, WORDS["document"])
    record_authority(someone, authority, by=cast.wu, at=NOON)
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(code="A15"), channel="web", subject=WORDS["subject"],
        body=WORDS["first"], branch=cast.taipei,
        claimant=Claimant(name=WORDS["name"], phone=WORDS["phone"], email=WORDS["mail"]),
        files=(store(WORDS["file"].encode(), f"{WORDS['name']}.txt"),),
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin, at=NOON)
    case = link_customer(case, by=cast.lin, customer=first, reason=WORDS["reason"], at=NOON)
    receive(case, body=WORDS["second"], channel="web", at=NOON)
    note(case, by=cast.lin, body=WORDS["note"], at=NOON)
    request_papers(case, by=cast.lin, papers=[WORDS["paper"], WORDS["latin paper"]], body="請補件", at=NOON)
    tag(case, by=cast.lin, name=WORDS["tag"], at=NOON)
    save_draft(case, by=cast.lin, body=WORDS["draft"], at=NOON)
    merge(first, into=second, by=cast.chou, reason=WORDS["reason"], at=NOON)
    _decided(cast, second)
    _elsewhere(cast, second)
    lost = path_of(store(WORDS["orphan"].encode(), "a.txt").checksum)
    os.utime(lost, (time.time() - 7200,) * 2)
    with connection.cursor() as cursor:
        args = json.dumps({"email": WORDS["job"], "number": case.number})
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('q', 't', %s, 'failed')",
            [args],
        )
    return second


def _decided(cast: Cast, customer: Customer) -> None:
    """A complaint of theirs about a policy, with findings, a decision and its letter."""
    case = open_case(
        by=cast.lin, at=NOON, service=Service.objects.get(code="A15"), channel="phone", subject=WORDS["subject"],
        body=WORDS["first"], branch=cast.taipei, customer=customer,
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin, at=NOON)
    complaint = actions.ensure_complaint(Case.objects.get(pk=case.pk), by=cast.lin)
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=NOON)
    actions.sign_findings(complaint, by=cast.chen, text=WORDS["findings"], at=NOON)
    verdict = actions.Verdict(outcome="refused", findings=WORDS["decided"], reasons=WORDS["reasons"])
    actions.decide(complaint, by=cast.lin, verdict=verdict, at=NOON)
    ending.send_final_letter(complaint, by=cast.lin, at=NOON)


def _elsewhere(cast: Cast, customer: Customer) -> None:
    """Where nobody looks: a policy, a file that waits to be taken over, a report of rows, a notice, a saved view."""
    product = Product.objects.create(code="L-1", name="終身壽險", line="life")
    policy = Policy.objects.create(
        number="P-2020-000417", number_key="P2020000417", product=product, issued_on=date(2020, 1, 1), premium=1000,
        currency="TWD", state=Policy.State.LAPSED,
    )  # fmt: skip
    PolicyRole.objects.create(policy=policy, customer=customer, role=PolicyRole.Role.choices[0][0])
    sheet = f"policy,customer,name\nP-2020-000417,{customer.number},{WORDS['upload']}\n".encode()
    name = uploads.keep(SimpleUploadedFile("a.csv", sheet), "a.csv")
    ImportRun.objects.create(
        importer="policies", key=uuid4(), by=cast.admin.pk, file_name=f"{WORDS['name']}.csv", is_trial=True, file=name,
        began_at=NOON, seen_at=NOON, finished_at=NOON, notes=[f"{WORDS['name']}：列 2"],
    )  # fmt: skip
    write_report("policies", [Line(2, WORDS["name"], (f"{WORDS['phone']} 讀不懂",), "rejected")])
    notify(cast.lin, f"{WORDS['name']} 又來電了", at=NOON)
    SavedView.objects.create(staff=cast.lin, name=WORDS["name"], query=f"q={quote_plus(WORDS['name'])}")
    SavedView.objects.create(staff=cast.chen, name="別的檢視", query="of=mine")


def left() -> dict[str, list[str]]:
    """Of each word the tables, files and columnar copies in which it still lies; the tables are those there are."""
    found = {}
    for what, word in WORDS.items():
        places = stored_anywhere(word)
        for path in copy_of_figures().folder.glob("*.parquet"):
            rows = duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}') AS f WHERE contains(f::VARCHAR, '{word}')")
            places += [str(path)] if rows.fetchone()[0] else []
        if places:
            found[what] = places
    return found


@pytest.mark.parametrize("which", ["the number that goes on", "the merged number"])
def test_of_an_erased_person_nothing_is_left_in_any_table_or_folder(customer, cast, home, which):
    assert {*left()} == {*WORDS}, "the test looks in the right places"
    ref = customer.ref if which == "the number that goes on" else customer.absorbed.get().ref

    report = erase_with_report(ref, by=None, reason="當事人請求", at=NOON)
    copy_of_figures().open()

    assert left() == {}
    assert report.contents >= 5
    assert report.tables["customers_customer"] >= 2
    assert list(Notice.objects.filter(staff=cast.lin).values_list("text", flat=True)) == ["–"]
    assert list(SavedView.objects.values_list("name", flat=True)) == ["別的檢視"]
    assert ImportRun.objects.get().file == "" and not list(uploads.folder().glob("upload-*"))
    assert (Findings.objects.get().text, Decision.objects.get().reasons, FinalLetter.objects.get().file) == ("", "", "")
    assert PolicyRole.objects.get().customer.name == "–"
    assert {"cases_case", "customers_contactpoint", "procrastinate_jobs", "record_fact_content"} <= {*report.tables}
    while seal_once(now()) is None and verify().unsealed:
        pass
    assert verify().problems == []


def test_nobody_is_erased_while_an_import_is_running(cast):
    known = _person(cast, WORDS["name"])
    ImportRun.objects.create(
        importer="policies", key=uuid4(), by=cast.admin.pk, file_name="a.csv", is_trial=False, file="upload-a.csv",
        began_at=now(), seen_at=now(),
    )  # fmt: skip

    with pytest.raises(Refused, match="有檔案正在匯入"):
        erase_customer(known, by=cast.admin, reason="request", at=NOON)
    ImportRun.objects.update(finished_at=NOON)
    erase_customer(known, by=cast.admin, reason="request", at=NOON)

    assert Customer.objects.get(pk=known.pk).name == "–"


def test_whoever_called_themselves_by_a_code_of_ours_takes_no_views_or_links_of_others(cast):
    known = register(Person(name="of"), by=cast.chang, at=NOON)
    SavedView.objects.create(staff=cast.chen, name="我的", query="of=mine&q=cases")
    SavedView.objects.create(staff=cast.chen, name="找人", query="q=of+Taipei")
    notify(cast.lin, "新的案件", url="/cases/?of=mine", at=NOON)

    erase_with_report(known.ref, by=None, reason="當事人請求", at=NOON)

    assert list(SavedView.objects.values_list("name", flat=True)) == ["我的"]
    assert list(Notice.objects.values_list("text", "url")) == [("新的案件", "/cases/?of=mine")]


def test_others_keep_what_is_theirs(customer, cast):
    other = register(Person(name="林別人", contacts=(("phone", "0911222333"),)), by=cast.chang, at=NOON)
    case = open_case(
        by=cast.lin, at=NOON, service=Service.objects.get(code="A15"), channel="phone", subject="別的事", body="別的話",
        branch=cast.taipei, customer=other,
    )  # fmt: skip

    erase_with_report(customer.ref, by=None, reason="當事人請求", at=NOON)

    other.refresh_from_db()
    case.refresh_from_db()
    assert (other.name, other.contact_points.get().value, case.subject) == ("林別人", "0911222333", "別的事")
    assert stored_anywhere("別的話") == ["record_fact_content.body"]


def test_a_person_erased_after_the_backup_is_erased_again_when_it_is_restored(customer, cast, home):
    """The backup holds a person of whom the list knows nothing but who it is."""
    export_erasures()
    entry = {"erasure": 10**9, "whole": str(customer.ref), "at": "2026-11-25T00:00:00+00:00"}
    erasures_file().write_text(json.dumps(entry) + "\n")

    report = reapply()

    assert left() == {}
    assert report.contents >= 5
    assert reapply().contents == 0


def test_a_case_that_is_being_opened_while_its_customer_is_erased_is_waited_for(cast):
    known, is_open = _person(cast, WORDS["name"]), Event()

    def open_slowly() -> None:
        try:
            with transaction.atomic():
                open_case(
                    by=cast.lin, at=NOON, service=Service.objects.get(code="A15"), channel="phone", subject="來電",
                    body="來電", branch=cast.taipei, customer=known,
                )  # fmt: skip
                is_open.set()
                time.sleep(1)
        finally:
            is_open.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_slowly)
        is_open.wait()
        with pytest.raises(Refused, match="還有未結的案件：C26-000001"):
            erase_customer(known, by=cast.admin, reason="request", at=NOON)
        opening.result()

    assert Customer.objects.get(pk=known.pk).name == WORDS["name"]


def test_the_command_erases_by_number_and_tells_what_went(customer, home, capsys):
    call_command("erase", customer.number, reason="當事人請求", dry_run=True)
    assert f"{customer.number} would be erased" in capsys.readouterr().out
    assert {*left()} == {*WORDS}

    with pytest.raises(CommandError, match="還有未結的案件：C26-000001、C26-000002"):
        call_command("erase", customer.number, reason="當事人請求")
    Case.objects.update(state="closed", closed_at=NOON)
    FinalLetter.objects.update(next_step_until=date(2026, 1, 1))
    with pytest.raises(CommandError, match="請不要寫出任何人的姓名"):
        call_command("erase", customer.number, reason=f"{WORDS['name']}請求")
    call_command("erase", customer.number, reason="當事人請求", json=True)

    told = json.loads(capsys.readouterr().out)
    assert (told["contents"] >= 5, told["tables"]["customers_customer"] >= 2) == (True, True)
    assert left() == {}
    assert str(customer.ref) in [json.loads(line).get("whole") for line in erasures_file().read_text().splitlines()]
    with pytest.raises(CommandError, match="no customer"):
        call_command("erase", "K-999999", reason="x")
    assert Case.objects.count() == 2
