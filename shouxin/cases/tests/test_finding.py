"""Finding cases: who may see them, lists by the nearest due instant, search in every word that was said."""

from datetime import timedelta

import pytest

from shouxin.cases import bulk, queries, searching
from shouxin.cases.actions import assign, close, link_customer, note, receive, reply
from shouxin.cases.jobs import fold_standing
from shouxin.cases.models import Case, Standing
from shouxin.cases.rules import may_see
from shouxin.core.audience import Audience
from shouxin.core.kept import one_reading
from shouxin.core.paging import keyset
from shouxin.customers.actions import Person, register
from shouxin.customers.queries import history_of
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


def listed(viewer, *, of="mine", **how):
    """A page of the list, as the desk asks for it."""
    return keyset(queries.work_of(viewer, of=of).for_lists(), queries.SOONEST_FIRST, **how)


def found(cast, text: str, who: str = "lin") -> list[str]:
    return [case.number for case in searching.search(getattr(cast, who), text, at=LATER)]


def test_two_characters_are_enough_and_both_scripts_find_each_other(cast, opened):
    case = opened(subject="要保人變更", body="我想把受益人改成妹妹")
    opened(subject="繳費", body="請問可以改繳別嗎")

    assert found(cast, "妹妹") == [case.number]
    assert found(cast, "受益人") == [case.number]
    assert found(cast, "变更") == [case.number]
    assert found(cast, "妹") == []


def test_a_case_is_found_by_its_number_however_it_is_written(cast, opened):
    case = opened()
    opened()

    for text in (case.number, case.number.lower(), case.number.replace("-", ""), case.number[-6:].lstrip("0")):
        assert case.number in found(cast, text), text


def test_words_of_any_touch_and_of_different_touches_find_the_case(cast, opened):
    case = assign(opened("A14", subject="進度", body="請問理賠辦到哪裡"), by=cast.lin, to=cast.lin, at=NOON)
    reply(case, by=cast.lin, body="診斷書影本還缺第二頁", at=LATER)
    receive(case, body="附上全部病歷", channel="web", at=LATER)
    note(case, by=cast.lin, body="家屬由里長陪同", at=LATER)

    assert found(cast, "診斷書") == found(cast, "病歷") == found(cast, "里長") == [case.number]
    assert found(cast, "理賠 里長 王雅婷") == [case.number]
    assert found(cast, "理賠 村長") == []


def test_the_newest_come_first_and_old_ones_are_found_too(cast, opened):
    old = opened(at=NOON - timedelta(days=900))
    new = opened(at=NOON)

    assert found(cast, "理賠金") == [new.number, old.number]
    assert searching.ids(cast.lin, "理賠金", limit=1, at=LATER) == [new.pk]


def test_a_customer_linked_later_is_found_by_name(cast, opened):
    case = opened("A14")
    customer = register(Person(name="歐陽志遠"), by=cast.lin, at=NOON)

    link_customer(case, by=cast.lin, customer=customer, reason="核對身分證字號與生日", at=LATER)

    assert found(cast, "歐陽") == found(cast, customer.number) == [case.number]


def test_the_counter_of_a_branch_finds_and_sees_only_its_own(cast, opened):
    here, there = opened(branch=cast.tainan), opened(branch=cast.taipei)

    assert found(cast, "理賠金", who="huang") == [here.number]
    assert set(queries.visible_to(cast.huang)) == {here}
    assert set(queries.visible_to(cast.lin)) == {here, there}
    assert set(queries.visible_to(cast.admin)) == {here, there}


@pytest.mark.parametrize("who", ["lin", "chen", "chou", "wu", "chang", "huang", "hsu", "tsai", "admin"])
def test_one_case_and_the_list_agree_on_who_may_see_it(cast, opened, who):
    staff = getattr(cast, who)
    cases = [opened(branch=cast.tainan), opened(), assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)]

    visible = set(queries.visible_to(staff))
    assert {case for case in cases if may_see(staff, case)} == visible


def test_a_work_list_shows_the_soonest_due_first_page_by_page(cast, opened):
    cases = [opened("A15", at=NOON - timedelta(days=day)) for day in range(5)]
    for case in cases:
        assign(case, by=cast.lin, to=cast.lin, at=NOON)

    first = listed(cast.lin, size=3)
    second = listed(cast.lin, size=3, after=first.next)

    assert [*first, *second] == list(Case.objects.order_by("due_at", "id"))
    assert [case.due_at for case in first] == sorted(case.due_at for case in first)
    assert second.next == ""
    assert list(listed(cast.chen)) == []
    assert len(listed(cast.chen, of="team")) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_as_many_statements_however_long_it_is(cast, opened, rows, django_assert_num_queries):
    for _ in range(rows):
        opened("A14", by=cast.chang, channel="phone")

    queries.services()
    with one_reading(), django_assert_num_queries(2):  # the second asks whether the catalogue in memory still holds
        page = listed(cast.lin, of="all")
        assert [case.asker for case in page] == ["王○婷"] * rows
        assert {case.service.label for case in page} == {"諮詢受理"}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_conversation_costs_four_statements_however_long_it_is(cast, opened, rows, django_assert_num_queries):
    case = assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)
    for _ in range(rows):
        reply(case, by=cast.lin, body="您好", at=LATER)

    with django_assert_num_queries(4):
        said = queries.conversation(case)

    assert [each.body for each in said][1:] == ["您好"] * rows


def test_the_customer_reads_everything_but_our_notes(cast, opened):
    case = assign(opened("A14", body="第一封"), by=cast.lin, to=cast.lin, at=NOON)
    note(case, by=cast.lin, body="內部", at=LATER)
    reply(case, by=cast.lin, body="回覆", at=LATER)

    assert [each.body for each in queries.conversation(case, Audience.CUSTOMER)] == ["第一封", "回覆"]
    assert [each.body for each in queries.conversation(case)] == ["第一封", "內部", "回覆"]


def test_counts_by_team_and_state_are_exact_before_and_after_folding(cast, opened):
    for _ in range(3):
        opened("A14")
    case = assign(Case.objects.first(), by=cast.lin, to=cast.lin, at=NOON)
    close(case, by=cast.lin, reason="withdrawn", at=LATER)
    expected = {(0, "new"): 2, (cast.complaints.pk, "closed"): 1}

    assert queries.standing() == expected
    fold_standing()

    assert queries.standing() == expected
    assert Standing.objects.count() == 2


def test_bulk_loading_writes_what_the_actions_would_have(cast):
    service_case = bulk.CaseRow(
        id=bulk.ids(bulk.CaseRow, 1)[0], number="C25-000001", service_id="A14", subject="保費", channel="phone",
        branch_id=cast.taipei.pk, jurisdiction="none", opened_at=NOON, claimed_name="王雅婷",
    )  # fmt: skip

    assert bulk.copy(bulk.CaseRow, [service_case]) == 1
    bulk.copy(bulk.WordsRow, [bulk.words_row(service_case, ["請問扣款日期"])])
    bulk.copy(
        bulk.TouchRow, [bulk.TouchRow(case_id=service_case.id, direction="inbound", channel="phone", at=NOON)]
    )  # fmt: skip

    case = Case.objects.get(number="C25-000001")
    assert (case.state, case.source, case.touched_at) == ("new", "example", NOON)
    assert found(cast, "扣款") == found(cast, "雅婷 保費") == [case.number]
    assert queries.standing() == {(0, "new"): 1}
    assert [each.body for each in queries.conversation(case)] == [""]


def test_a_customers_history_leaves_out_cases_of_another_branch(cast, opened):
    customer = register(Person(name="王雅婷"), by=cast.lin, at=NOON)
    north = opened("A15", customer=customer)
    south = opened("A01", customer=customer, branch=cast.tainan)

    def told_of(staff) -> set[str]:
        return {str(entry.subject) for entry in history_of(customer, staff)}

    assert told_of(cast.chang) == {str(each.ref) for each in (customer, north, south)}
    assert told_of(cast.huang) == {str(each.ref) for each in (customer, south)}
