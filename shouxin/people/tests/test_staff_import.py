from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shouxin.core.guards import Refused
from shouxin.people.models import Staff
from shouxin.people.staff_import import import_staff, read_rows

TODAY = date(2026, 11, 24)
FILE = """帳號,姓名,電子郵件,職位,組別,技能,到職日
fang,方雅雯,fang@shouxin.example,客服中心,客服一組,"一般服務、理賠",2026/11/02
lin,林佳穎,lin@shouxin.example,EC,complaints-1,,
chen,陳柏宏,new@shouxin.example,CC,客服一組,,
bad account,某人,not-a-mail,XX,沒有這組,飛行,昨天
fang,方雅雯二,,CC,,,
"""


def rows(text: str = FILE, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return read_rows("staff.csv", text.encode(encoding))


def test_each_row_is_new_changed_as_before_or_left_out_with_every_reason(cast):
    report = import_staff(rows(), by=cast.hsu, today=TODAY)

    assert [(line.number, line.result) for line in report.lines] == [
        (2, "new"), (3, "same"), (4, "changed"), (5, "wrong"), (6, "wrong")
    ]  # fmt: skip
    assert len(report.lines[3].reasons) == 6
    fang = Staff.objects.get(account="fang")
    assert (fang.name, fang.post, fang.team, fang.joined_on) == ("方雅雯", "CC", cast.calls, date(2026, 11, 2))
    assert sorted(skill.code for skill in fang.skills.all()) == ["claim", "service"]
    cast.chen.refresh_from_db()
    assert (cast.chen.email, cast.chen.post, cast.chen.team) == ("new@shouxin.example", "CC", cast.calls)


def test_a_trial_reports_the_same_and_changes_nothing(cast):
    trial = import_staff(rows(), by=cast.hsu, today=TODAY, is_trial=True)

    assert not Staff.objects.filter(account="fang").exists()
    done = import_staff(rows(), by=cast.hsu, today=TODAY)
    assert [line.result for line in trial.lines] == [line.result for line in done.lines]


def test_a_second_run_of_the_same_file_changes_nothing(cast):
    import_staff(rows(), by=cast.hsu, today=TODAY)

    again = import_staff(rows(), by=cast.hsu, today=TODAY)

    assert [line.result for line in again.lines] == ["same", "same", "same", "wrong", "wrong"]


def test_a_file_in_big5_is_read_as_well(cast):
    assert rows(encoding="cp950") == rows()


def test_a_file_in_simplified_chinese_is_read_as_the_page_names_its_heads(cast):
    file = "账号,姓名,电子邮箱,职位,小组,技能,入职日期\nfang,方雅雯,fang@shouxin.example,理赔服务,,,2026/11/02\n"

    import_staff(rows(file), by=cast.hsu, today=TODAY)

    fang = Staff.objects.get(account="fang")
    assert (fang.post, fang.email, fang.joined_on) == ("CL", "fang@shouxin.example", date(2026, 11, 2))


@pytest.mark.parametrize(
    ("name", "content"),
    [("staff.csv", b""), ("staff.csv", "姓名,職位\n某,CC\n".encode()), ("staff.xlsx", b"not a workbook")],
)
def test_what_is_no_list_of_staff_is_refused_with_a_reason(name, content):
    with pytest.raises(Refused):
        read_rows(name, content)


def test_the_page_shows_the_report_by_row(cast, client):
    client.force_login(cast.hsu, backend="shouxin.people.backends.StaffBackend")
    file = SimpleUploadedFile("staff.csv", FILE.encode())

    page = client.post("/people/import/", {"file": file, "is_trial": "on"}).content.decode()

    assert "會這樣處理" in page
    assert "不認得這個職位" in page
    assert not Staff.objects.filter(account="fang").exists()


def test_a_damaged_workbook_is_told_at_the_field(cast, client):
    client.force_login(cast.hsu, backend="shouxin.people.backends.StaffBackend")
    broken = SimpleUploadedFile("staff.xlsx", b"PK nothing")

    answer = client.post("/people/import/", {"file": broken})

    assert answer.status_code == 422
    assert "打不開" in answer.content.decode()
