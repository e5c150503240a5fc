"""The import on the web: tried by the worker first, then taken over, and the file does not stay."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.core.clock import now
from shouxin.customers.models import Customer
from shouxin.policies.models import Policy
from shouxin.policies.tests.test_importing import FILE
from shouxin.tables.jobs import carry_out, forget_upload
from shouxin.tables.models import ImportRun
from shouxin.tables.uploads import folder, remove_old

pytestmark = pytest.mark.django_db
BACKEND = "shouxin.people.backends.StaffBackend"
URL = "/imports/policies/"


@pytest.fixture
def planner(client, cast, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(cast.admin, backend=BACKEND)
    return client


def send(client, text: str | bytes = FILE, name: str = "保單.csv", **more):
    content = text.encode() if isinstance(text, str) else text
    return client.post(URL, {"file": SimpleUploadedFile(name, content), "key": str(uuid4()), **more})


def tried(client, *given, **more) -> ImportRun:
    """Send a file and let the worker try it."""
    assert send(client, *given, **more).status_code == 303
    run = ImportRun.objects.latest("pk")
    carry_out(run.pk)
    run.refresh_from_db()
    return run


def page_of(client, run: ImportRun) -> str:
    return client.get(reverse("tables:run", args=["policies", run.pk])).text


def kept() -> list[Path]:
    return list(folder().glob("upload-*"))


def test_a_file_is_tried_and_then_taken_over_without_sending_it_again(planner):
    run = tried(planner)
    text = page_of(planner, run)

    assert "試讀" in text and "新增 2 張保單" in text and "確定匯入" in text
    assert (Policy.objects.count(), len(kept()), kept()[0].stat().st_mode & 0o777) == (0, 1, 0o600)
    done = planner.post(reverse("tables:takeover", args=["policies", run.pk]))
    again = planner.post(reverse("tables:takeover", args=["policies", run.pk]))
    assert done["Location"] == again["Location"]
    carry_out(run.takeover.pk)
    text = page_of(planner, ImportRun.objects.get(trial=run))
    assert "處理結果" in text and text.count("data-row") == 3 and "every 2s" not in text
    assert (Policy.objects.count(), kept()) == (2, [])
    assert "新增 2 張保單" in planner.get(URL).text


def test_the_same_form_sent_twice_is_one_run(planner):
    key = str(uuid4())
    first, second = send(planner, key=key), send(planner, key=key)

    assert (first["Location"], ImportRun.objects.count(), len(kept())) == (second["Location"], 1, 1)


def test_the_key_of_one_file_does_not_answer_for_another_nor_for_somebody_else(planner, cast):
    key = str(uuid4())
    send(planner, key=key)
    other = FILE.replace("王雅婷", "林阿珠")

    for answer in (send(planner, other, key=key), send(planner, name="另一檔.csv", key=key)):
        assert answer.status_code == 409
    planner.force_login(cast.lin, backend=BACKEND)
    assert send(planner, key=key).status_code in {403, 409}
    assert (ImportRun.objects.count(), len(kept())) == (1, 1)


def test_a_report_goes_after_ninety_days_and_the_page_says_so(planner):
    run = tried(planner)
    report = folder() / run.report
    assert "保留 90 天後刪除" in page_of(planner, run)
    assert (remove_old(now() + timedelta(days=89)), report.exists()) == (1, True)
    assert kept() == []  # a file that nobody took over goes after a day, whatever became of its job
    assert (remove_old(now() + timedelta(days=91)), report.exists()) == (1, False)
    assert "這些列已經刪除" in page_of(planner, run)


def test_a_report_repeats_nothing_personal(planner):
    text = page_of(planner, tried(planner, FILE + "QL-9,,,,,,,,,,要保人,C009,張秘密,,五月三日,\n"))

    assert "C009" in text and "出生日期無法辨識" in text
    for secret in ("張秘密", "五月三日", "王雅婷", "A223456781", "0912345417"):
        assert secret not in text


def test_only_who_sent_it_takes_it_over(planner, client, cast):
    run = tried(planner)
    client.force_login(cast.hsu, backend=BACKEND)
    refused = client.post(reverse("tables:takeover", args=["policies", run.pk]))

    assert (refused["Location"], Policy.objects.count()) == (URL, 0)


def test_a_file_that_nobody_took_over_goes_by_itself(planner):
    run = tried(planner)
    job = ProcrastinateJob.objects.get(task_name="tables.forget_upload")
    assert (job.args["name"], job.scheduled_at is not None) == (kept()[0].name, True)

    forget_upload(**job.args)
    forget_upload(**job.args)
    assert kept() == []
    gone = planner.post(reverse("tables:takeover", args=["policies", run.pk]), follow=True)
    assert "請重新選擇" in gone.text and "確定匯入" not in page_of(planner, run)


def test_nothing_new_offers_nothing_to_take_over(planner):
    run = tried(planner)
    planner.post(reverse("tables:takeover", args=["policies", run.pk]))
    carry_out(ImportRun.objects.latest("pk").pk)

    text = page_of(planner, tried(planner))
    assert "確定匯入" not in text and "沒有需要帶入的變更" in text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"\n", "檔案是空的"),
        ("a.csv", b"a,b\n1,2\n", "缺少這些欄位"),
        ("a.xlsx", b"PK\x03\x04 nothing", "打不開"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "網頁"),
    ],
)
def test_what_can_not_be_read_is_said_in_words_and_does_not_stay(planner, name, content, reason):
    run = tried(planner, content, name)

    assert reason in page_of(planner, run) and "every 2s" not in page_of(planner, run)
    assert kept() == []


def test_the_empty_table_explains_itself_and_is_read_as_empty(planner):
    answer = planner.get(reverse("tables:template", args=["policies"]))
    lines = answer.content.decode("utf-8-sig").splitlines()

    assert lines[0].startswith("保單號碼,商品代號") and lines[1].startswith("# 必填：以這個號碼認定保單")
    assert "attachment" in answer["Content-Disposition"]
    counts = tried(planner, answer.content).counts
    assert (counts["rows_read"], counts["rows_remarks"], counts["policies_new"]) == (2, 2, 0)


@pytest.mark.parametrize("url", [URL, "/imports/policies/template/", "/policies/imports/"])
def test_only_who_has_the_right_sees_it(client, cast, url):
    client.force_login(cast.lin, backend=BACKEND)

    assert client.get(url).status_code == 403
    assert "匯入保單" not in client.get("/policies/").text


def test_the_settings_and_the_list_lead_there(planner):
    assert URL in planner.get("/settings/").text and URL in planner.get("/policies/").text
    assert planner.get("/policies/imports/")["Location"] == URL
    assert "要保人" in planner.get(URL).text
    assert Customer.objects.count() == 0
