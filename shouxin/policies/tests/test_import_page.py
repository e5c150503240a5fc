"""The import on the web: tried first, then taken over, and the file does not stay."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.customers.models import Customer
from shouxin.policies.importing.uploads import folder
from shouxin.policies.jobs import forget_upload
from shouxin.policies.models import Policy
from shouxin.policies.tests.test_importing import FILE

pytestmark = pytest.mark.django_db
BACKEND = "shouxin.people.backends.StaffBackend"
URL = "/policies/imports/"


@pytest.fixture
def planner(client, cast, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(cast.admin, backend=BACKEND)
    return client


def send(client, text: str = FILE, name: str = "保單.csv"):
    return client.post(URL, {"file": SimpleUploadedFile(name, text.encode())})


def kept() -> list[Path]:
    return list(folder().glob("policies-*"))


def test_a_file_is_tried_and_then_taken_over(planner):
    tried = send(planner)

    assert "試讀" in tried.text and "新增 2 張保單" in tried.text and "確定匯入" in tried.text
    assert (Policy.objects.count(), len(kept())) == (0, 1)
    assert kept()[0].stat().st_mode & 0o777 == 0o600
    done = planner.post(reverse("policies:takeover"), {"mark": tried.context["mark"]})
    assert "處理結果" in done.text and done.text.count("data-row") == 3
    assert (Policy.objects.count(), kept()) == (2, [])
    assert "新增 2 張保單" in planner.get(URL).text


def test_a_report_repeats_nothing_personal(planner):
    text = send(planner, FILE + "QL-9,,,,,,,,,,要保人,C009,張秘密,,五月三日,\n").text

    assert "C009" in text and "出生日期無法辨識" in text
    for secret in ("張秘密", "五月三日", "王雅婷", "A223456781", "0912345417"):
        assert secret not in text


def test_a_mark_serves_its_sender_alone_and_once(planner, client, cast):
    mark = send(planner).context["mark"]
    client.force_login(cast.hsu, backend=BACKEND)
    refused = client.post(reverse("policies:takeover"), {"mark": mark})
    assert refused.status_code in (302, 303, 403) and Policy.objects.count() == 0

    client.force_login(cast.admin, backend=BACKEND)
    client.post(reverse("policies:takeover"), {"mark": mark})
    again = client.post(reverse("policies:takeover"), {"mark": mark}, follow=True)
    assert "請重新選擇" in again.text
    assert "請重新選擇" in client.post(reverse("policies:takeover"), {"mark": "made-up"}, follow=True).text


def test_a_file_that_nobody_took_over_goes_by_itself(planner):
    send(planner)
    job = ProcrastinateJob.objects.get(task_name="policies.forget_upload")
    assert (job.args["name"], job.scheduled_at is not None) == (kept()[0].name, True)

    forget_upload(**job.args)
    forget_upload(**job.args)
    assert kept() == []


def test_nothing_new_offers_nothing_to_take_over(planner):
    planner.post(reverse("policies:takeover"), {"mark": send(planner).context["mark"]})

    assert "確定匯入" not in send(planner).text and "沒有需要帶入的變更" in send(planner).text


@pytest.mark.parametrize(("name", "text"), [("a.csv", ""), ("a.csv", "a,b\n1,2\n"), ("a.xlsx", "no workbook")])
def test_what_can_not_be_read_is_said_at_the_field(planner, name, text):
    refused = send(planner, text, name)

    assert (refused.status_code, kept()) == (422, [])
    assert refused.context["form"].errors["file"]


def test_the_empty_table_explains_itself_and_is_read_as_empty(planner):
    answer = planner.get(reverse("policies:import-template"))
    lines = answer.content.decode("utf-8-sig").splitlines()

    assert lines[0].startswith("保單號碼,商品代號") and lines[1].startswith("# 必填：以這個號碼認定保單")
    assert "attachment" in answer["Content-Disposition"]
    assert send(planner, answer.content.decode()).context["report"].rows == []


@pytest.mark.parametrize("url", [URL, "/policies/imports/template/"])
def test_only_who_has_the_right_sees_it(client, cast, url):
    client.force_login(cast.lin, backend=BACKEND)

    assert client.get(url).status_code == 403
    assert "匯入保單" not in client.get("/policies/").text


def test_the_settings_and_the_list_lead_there(planner):
    assert URL in planner.get("/settings/").text and URL in planner.get("/policies/").text
    assert Customer.objects.count() == 0
