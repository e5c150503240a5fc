"""A file of the core system: each policy whole or not at all, the same file changes nothing, a corrected one does."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.refs import Ref
from shouxin.core.rights import NotAllowed
from shouxin.customers.models import Customer
from shouxin.policies.importing.columns import COLUMNS, heads
from shouxin.policies.importing.reading import read
from shouxin.policies.importing.taking import Report, outcome_of, take_over
from shouxin.policies.models import Policy, Product
from shouxin.policies.tests.test_models import load
from shouxin.record.erasing import erase
from shouxin.record.queries import timeline
from shouxin.tables.parsing.cells import head
from shouxin.tables.tests.told import file_of
from tests.cast import NOON

pytestmark = pytest.mark.django_db
HEAD = (
    "保單號碼,商品代號,商品名稱,險種,狀態,生效日,保費,幣別,業務員編號,據點,身分,客戶編號,姓名,身分證號,出生日期,電話\n"
)
FIRST = 'QL-1,QL-NEW,晴川新商品,壽險,有效,115/03/02,"36,000",TWD,,,要保人,C001,王雅婷,A223456781,69/05/17,0912345417\n'
SECOND = "QL-1,,,,,,,,,,被保險人,C002,王小明,,,\n"
THIRD = "QL-2,QL-NEW,,,停效,2025-01-05,1200.5,twd,,,要保人,C001,,,,\n"
FILE = HEAD + FIRST + SECOND + THIRD


def take(text: str = FILE, **how) -> Report:
    return take_over(read(file_of(text)), **{"by": None, "at": NOON, **how})


def results(report: Report) -> list[tuple[int, str]]:
    return [(row.number, outcome_of(row)) for row in report.rows]


def people(number: str) -> list[tuple[str, str]]:
    return sorted((each.customer.number, each.role) for each in Policy.objects.get(number=number).roles.all())


def counts(**told: int) -> dict[str, int]:
    names = (
        "rows_read", "rows_new", "rows_changed", "rows_same", "rows_skipped", "rows_remarks", "policies_new",
        "policies_changed", "policies_unchanged", "policies_skipped", "customers_new", "customers_changed",
    )  # fmt: skip
    return dict.fromkeys(names, 0) | told


def test_policies_products_and_people_that_are_new_stand_in_the_mirror(cast):
    report = take()

    assert report.counts == counts(rows_read=3, rows_new=3, policies_new=2, customers_new=2)
    policy = Policy.objects.select_related("product").get(number="QL-1")
    assert (policy.product.name, policy.product.line) == ("晴川新商品", "life")
    assert (policy.state, policy.issued_on, policy.premium, policy.currency, policy.mirrored_at) == (
        "in_force", date(2026, 3, 2), Decimal("36000"), "TWD", NOON,
    )  # fmt: skip
    assert people("QL-1") == [("C001", "holder"), ("C002", "insured")]
    assert (Policy.objects.get(number="QL-2").state, people("QL-2")) == ("lapsed", [("C001", "holder")])
    assert Customer.objects.get(number="C001").birth_on == date(1980, 5, 17)


def test_the_same_file_again_changes_nothing(cast):
    take()
    before = list(Policy.objects.order_by("pk").values())

    report = take(at=NOON.replace(hour=8))
    assert report.counts == counts(rows_read=3, rows_same=3, policies_unchanged=2)
    assert results(report) == [(2, "same"), (3, "same"), (4, "same")]
    assert list(Policy.objects.order_by("pk").values()) == before


def test_a_corrected_file_changes_what_differs_and_takes_off_who_is_no_longer_named(cast):
    take()
    corrected = FIRST.replace("36,000", "40,000").replace("王雅婷", "王雅亭")
    insured = "QL-1,,,,,,,,,,受益人,C003,王大明,,,\n"

    report = take(HEAD + corrected + insured)

    assert report.counts == counts(
        rows_read=2, rows_changed=2, policies_changed=1, customers_new=1, customers_changed=1
    )  # fmt: skip
    assert [row.changes for row in report.rows] == [["保費", "身分", "姓名"], ["保費", "身分", "新客戶"]]
    assert (Policy.objects.get(number="QL-1").premium, Customer.objects.get(number="C001").name) == (40000, "王雅亭")
    assert people("QL-1") == [("C001", "holder"), ("C003", "beneficiary")]
    assert people("QL-2") == [("C001", "holder")]


def test_a_trial_tells_the_same_and_leaves_no_trace(cast):
    tried = take(is_trial=True)

    assert (Policy.objects.count(), Customer.objects.count(), Product.objects.count()) == (0, 0, 0)
    assert timeline(Ref("company", 1), Audience.STAFF) == []
    done = take()
    assert (results(tried), tried.counts) == (results(done), done.counts)


def test_an_empty_cell_leaves_what_is_there_and_a_hyphen_removes_it(cast):
    policy = load(cast, 1)[0]
    head = "保單號碼,送達日,業務員編號,保險金額,身分,客戶編號\n"
    rows = f"{policy.number},-,,,要保人,K-900001\n{policy.number},,,,被保險人,K-900001\n"

    assert take(head + rows).rows[0].changes == ["送達日"]
    policy.refresh_from_db()
    assert (policy.delivered_on, policy.agent) == (None, cast.ho)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",QL-NEW,,,,2026-01-01,1,TWD,,,要保人,C009,甲,,,", "缺少保單號碼"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,,C009,甲,,,", "缺少身分"),
        ("QL-9,QL-NEW,,,,昨天,1,TWD,,,要保人,C009,甲,,,", "生效日無法辨識：「昨天」"),
        ("QL-9,QL-NEW,,,,2026-13-01,1,TWD,,,要保人,C009,甲,,,", "生效日無法辨識"),
        ("QL-9,QL-NEW,,,好,2026-01-01,1,TWD,,,要保人,C009,甲,,,", "狀態無法辨識：「好」"),
        ("QL-9,QL-NEW,,,,2026-01-01,-5,TWD,,,要保人,C009,甲,,,", "保費無法辨識"),
        ("QL-9,QL-NEW,,,,2026-01-01,nan,TWD,,,要保人,C009,甲,,,", "保費無法辨識"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,沒有,,要保人,C009,甲,,,", "業務員編號在這裡查無資料：「沒有」"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,月球,要保人,C009,甲,,,", "據點在這裡查無資料：「月球」"),
        ("QL-9,QL-ODD,,,,2026-01-01,1,TWD,,,要保人,C009,甲,,,", "商品 QL-ODD 還沒有建檔"),
        ("QL-9,,,,,,,,,,要保人,C009,甲,,,", "新保單需要填寫：商品代號、生效日、保費、幣別"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,受益人,C009,甲,,,", "沒有任何一列指出誰是要保人"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,要保人,C009,,,,", "新客戶需要填寫姓名"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,要保人,K-000777,甲,,,", "K- 開頭的編號由這裡編發"),
        ("QL/9,QL-NEW,,,,2026-01-01,1,TWD,,,要保人,C009,甲,,,", "保單號碼無法辨識：「QL/9」"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,要保人,new,甲,,,", "客戶編號無法辨識：「new」"),
        ("QL-1,,,,,,99,,,,受益人,C002,,,,", "保費和第 2 列不一致"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,要保人,C001,別人,,,", "姓名和第 2 列不一致"),
        ("QL-9,QL-NEW,,,,2026-01-01,1,TWD,,,要保人,C009,甲,,五月,", "出生日期無法辨識。"),
    ],
)
def test_a_row_that_can_not_be_taken_over_says_why(cast, row, reason):
    report = take(FILE + row + "\n")

    assert outcome_of(report.rows[-1]) == "rejected"
    assert reason in " ".join(report.rows[-1].reasons)
    assert not Policy.objects.filter(number="QL-9").exists()
    assert Policy.objects.filter(number="QL-2").exists()


def test_with_one_wrong_row_the_whole_policy_waits_and_the_others_say_so(cast):
    take()
    report = take(HEAD + FIRST.replace("36,000", "1") + SECOND.replace("C002", ""))

    assert results(report) == [(2, "rejected"), (3, "rejected")]
    assert report.rows[0].reasons == ["同一張保單的第 3 列有問題，一併未讀入。"]
    assert (people("QL-1"), Policy.objects.get(number="QL-1").premium) == (
        [("C001", "holder"), ("C002", "insured")],
        36000,
    )


def test_an_erased_customer_stays_on_the_policy_and_erased(cast):
    take()
    erase(Customer.objects.get(number="C001").ref, by=None, reason="當事人請求", at=NOON)

    report = take()

    assert report.counts == counts(rows_read=3, rows_same=3, policies_unchanged=2)
    assert "已依請求刪除" in report.rows[0].changes[0]
    assert (Customer.objects.get(number="C001").name, people("QL-2")) == ("–", [("C001", "holder")])


def test_every_import_is_a_fact_with_its_counts_and_its_actor(cast):
    report = take(by=cast.admin)

    (entry,) = timeline(Ref("company", 1), Audience.STAFF)
    assert (entry.kind, entry.actor, entry.data["counts"]) == ("PoliciesImported", cast.admin.ref, report.counts)


def test_who_has_no_right_to_it_imports_nothing(cast):
    with pytest.raises(NotAllowed):
        take(by=cast.lin)
    assert Policy.objects.count() == 0


def test_many_policies_ask_few_questions(cast, django_assert_max_num_queries):
    rows = "".join(
        f"QL-{n:05d},QL-NEW,晴川新商品,壽險,,2026-01-01,{n},TWD,,,要保人,C{n:05d},客戶{n},,,\n" for n in range(2500)
    )
    told = read(file_of(HEAD + rows))
    with django_assert_max_num_queries(40):
        assert take_over(told, by=None, at=NOON).counts["policies_new"] == 2500
    again = read(file_of(HEAD + rows))
    with django_assert_max_num_queries(40):
        assert take_over(again, by=None, at=NOON).counts["policies_unchanged"] == 2500
    other = read(file_of(HEAD + rows.replace("客戶", "保戶")))
    with django_assert_max_num_queries(60):
        assert take_over(other, by=None, at=NOON).counts["customers_changed"] == 2500


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans", "en"])
def test_the_table_explained_can_be_filled_in_and_read_in_every_language(cast, language):
    with translation.override(language):
        titles = [str(column.title) for column in COLUMNS.values()]
    assert [heads()[head(title)] for title in titles] == list(COLUMNS)
    out = io.StringIO()
    csv.writer(out).writerows([titles, [column.example for column in COLUMNS.values()]])

    report = take(out.getvalue())
    assert report.counts == counts(rows_read=1, rows_new=1, policies_new=1, customers_new=1)
    assert Customer.objects.get().preferred("email").value == "ming@example.com"


def test_what_is_no_table_of_policies_is_refused(cast):
    with pytest.raises(Refused, match="保單號碼"):
        read(file_of("a,b\n1,2\n"))


def run(path: Path, *more: str) -> dict:
    out = StringIO()
    call_command("import_policies", str(path), "--json", *more, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_tries_takes_over_and_tells_what_it_skipped(cast, tmp_path):
    path = tmp_path / "policies.csv"
    path.write_text(FILE + "QL-3,,,,,,,,,,要保人,C001,,,,\n")

    assert run(path, "--dry-run")["policies_new"] == 2
    assert Policy.objects.count() == 0
    told = run(path)
    assert (told["policies_new"], told["policies_skipped"], told["rows_skipped"]) == (2, 1, 1)
    assert [(each["row"], each["policy"]) for each in told["skipped"]] == [(5, "QL-3")]
    assert run(path)["policies_unchanged"] == 2


def test_the_command_says_in_words_what_is_wrong(cast, tmp_path):
    path = tmp_path / "policies.csv"
    path.write_text(FILE + "QL-3,,,,,,,,,,要保人,C001,,,,\n")
    out, err = StringIO(), StringIO()
    call_command("import_policies", str(path), stdout=out, stderr=err)

    assert "新增 2 張保單" in out.getvalue() and "第 5 列：新保單需要填寫" in err.getvalue()
    with pytest.raises(CommandError):
        call_command("import_policies", str(tmp_path / "none.csv"))
