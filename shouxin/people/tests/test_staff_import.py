from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouxin.core.guards import Refused
from shouxin.people.models import Post, Staff
from shouxin.people.staff_import import import_staff, read
from shouxin.tables.jobs import carry_out
from shouxin.tables.models import ImportRun
from shouxin.tables.tests.told import file_of, rows_xml, workbook

TODAY = date(2026, 11, 24)
FILE = """帳號,姓名,電子郵件,職位,組別,技能,到職日
fang,方雅雯,fang@shouxin.example,客服中心,客服一組,"一般服務、理賠",2026/11/02
lin,林佳穎,lin@shouxin.example,EC,complaints-1,,
chen,陳柏宏,new@shouxin.example,CC,客服一組,,
bad account,某人,not-a-mail,XX,沒有這組,飛行,昨天
fang,方雅雯二,,CC,,,
"""


def rows(text: str = FILE, encoding: str = "utf-8-sig"):
    return read(file_of(text.encode(encoding))).rows


def test_each_row_is_new_changed_as_before_or_left_out_with_every_reason(cast):
    report = import_staff(rows(), by=cast.hsu, today=TODAY)

    assert [(line.number, line.outcome) for line in report.lines] == [
        (2, "new"), (3, "same"), (4, "changed"), (5, "rejected"), (6, "rejected")
    ]  # fmt: skip
    assert len(report.lines[3].notes) == 6
    fang = Staff.objects.get(account="fang")
    assert (fang.name, fang.post, fang.team, fang.joined_on) == ("方雅雯", "CC", cast.calls, date(2026, 11, 2))
    assert sorted(skill.code for skill in fang.skills.all()) == ["claim", "service"]
    cast.chen.refresh_from_db()
    assert (cast.chen.email, cast.chen.post, cast.chen.team) == ("new@shouxin.example", "CC", cast.calls)


def test_a_trial_reports_the_same_and_changes_nothing(cast):
    trial = import_staff(rows(), by=cast.hsu, today=TODAY, is_trial=True)

    assert not Staff.objects.filter(account="fang").exists()
    done = import_staff(rows(), by=cast.hsu, today=TODAY)
    assert trial.lines == done.lines


def test_a_second_run_of_the_same_file_changes_nothing(cast):
    import_staff(rows(), by=cast.hsu, today=TODAY)

    again = import_staff(rows(), by=cast.hsu, today=TODAY)

    assert [line.outcome for line in again.lines] == ["same", "same", "same", "rejected", "rejected"]


@pytest.mark.parametrize("encoding", ["cp950", "gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_read_as_well(cast, encoding):
    assert [row.says for row in rows(encoding=encoding)] == [row.says for row in rows()]


def test_a_file_in_simplified_chinese_is_read_as_the_page_names_its_heads(cast):
    file = "账号,姓名,电子邮箱,职位,小组,技能,入职日期\nfang,方雅雯,fang@shouxin.example,理赔服务,,,115/11/02\n"

    import_staff(rows(file), by=cast.hsu, today=TODAY)

    fang = Staff.objects.get(account="fang")
    assert (fang.post, fang.email, fang.joined_on) == ("CL", "fang@shouxin.example", date(2026, 11, 2))


@pytest.mark.parametrize(
    ("name", "content"),
    [("staff.csv", b""), ("staff.csv", "姓名,職位\n某,CC\n".encode()), ("staff.xlsx", b"not a workbook")],
)
def test_what_is_no_list_of_staff_is_refused_with_a_reason(cast, name, content):
    with pytest.raises(Refused):
        read(file_of(content, name))


def test_the_page_tries_and_takes_over_with_the_list_of_posts_and_an_empty_table(cast, client):
    client.force_login(cast.hsu, backend="shouxin.people.backends.StaffBackend")
    page = client.get("/imports/staff/").text
    assert "客服中心" in page and client.get("/people/import/")["Location"] == "/imports/staff/"
    assert client.get("/imports/staff/template/").content.decode("utf-8-sig").startswith("帳號,姓名")

    file = SimpleUploadedFile("staff.csv", FILE.encode())
    answer = client.post("/imports/staff/", {"file": file, "key": str(uuid4())})
    trial = ImportRun.objects.get()
    carry_out(trial.pk)
    page = client.get(answer["Location"]).text
    assert "職位無法辨識" in page and page.count("data-row") == 5
    assert not Staff.objects.filter(account="fang").exists()
    client.post(reverse("tables:takeover", args=["staff", trial.pk]))
    carry_out(ImportRun.objects.get(trial=trial).pk)
    assert Staff.objects.get(account="fang").name == "方雅雯"


def test_a_workbook_with_a_title_is_read_whatever_its_name(cast):
    content = workbook(("名單", rows_xml(["人員名冊"], ["帳號", "姓名", "職位"], ["fang", "方雅雯", "客服中心"])))

    (row,) = read(file_of(content, "staff.xls")).rows
    assert (row.number, row.says) == (3, {"account": "fang", "name": "方雅雯", "post": "CC"})


OF_HR = """晴川人壽 同仁名冊
帳號,姓　名,Email,職稱,部　門,專長,到職日
fang,方雅雯,fang@shouxin.example,客服專員,客服一組,一般服務,115/11/02
ho,何美,ho@shouxin.example,櫃檯人員,台南櫃面組,,
bad,王明,bad@shouxin.example,飛行員,客服一組,,
lin,林佳穎,lin@shouxin.example,EC,complaints-1,申訴,2020/03/02
formula,"=HYPERLINK(""http://x"")",f@shouxin.example,理賠人員,申訴一組,,
plus,+1,p@shouxin.example,理賠人員,申訴一組,,
"""


def test_a_list_as_human_resources_write_it_is_understood(cast):
    report = import_staff(rows(OF_HR), by=cast.hsu, today=TODAY)

    assert [(line.key, line.outcome) for line in report.lines] == [
        ("fang", "new"), ("ho", "new"), ("bad", "rejected"), ("lin", "changed"), ("formula", "rejected"),
        ("plus", "rejected"),
    ]  # fmt: skip
    known = "、".join(str(label) for label in Post.labels)
    assert report.lines[2].notes == (f"職位無法辨識：「飛行員」。 可以寫：{known}。",)
    assert report.lines[4].notes[0].endswith("姓名不能以 =、+、- 或 @ 開頭。")
    posts = dict(Staff.objects.filter(account__in=["fang", "ho"]).values_list("account", "post"))
    assert posts == {"fang": "CC", "ho": "CT"}
    assert not Staff.objects.filter(name__startswith="=").exists()


def test_a_trial_says_each_field_as_it_was_and_as_it_would_be(cast):
    text = OF_HR.replace("lin,林佳穎,lin@shouxin.example,EC,complaints-1,申訴,2020/03/02",
                         "lin,林佳英,lin@shouxin.example,客服專員,客服一組,申訴,2020/03/03")  # fmt: skip
    lines = import_staff(rows(text), by=cast.hsu, today=TODAY, is_trial=True).lines
    (lin,) = [line for line in lines if line.key == "lin"]

    assert lin.outcome == "changed"
    assert lin.notes == (
        "姓名：林佳穎 → 林佳英",
        "職位：諮詢申訴 → 客服中心",
        "到職日：2020/3/2(一) → 2020/3/3(二)",
        "組別：申訴一組 → 客服一組",
        "技能：申訴、理賠、一般服務 → 申訴",
        "會移除的技能：理賠、一般服務。",
    )
    cast.lin.refresh_from_db()
    assert (cast.lin.name, cast.lin.skills.count()) == ("林佳穎", 3)
