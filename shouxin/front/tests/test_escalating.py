"""Nobody learns of a broken promise from the customer: who serves, who leads and who waits are told, once each."""

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.cases.actions import assign, receive
from shouxin.cases.desk import Looking, desk
from shouxin.cases.models import Case
from shouxin.cases.queries import body_of
from shouxin.complaints.actions import appoint, ensure_complaint
from shouxin.front.escalating import hold_until, tell_of_changed_calendar
from shouxin.front.jobs import tell_of_moved
from shouxin.jurisdictions.actions import Declaration, declare_day
from shouxin.jurisdictions.packs import pack
from shouxin.people.models import Deputy, Notice
from shouxin.promises.actions import extend, make
from shouxin.promises.firing import break_due, warn_due
from shouxin.promises.models import Promise
from shouxin.promises.redue import redue_changed
from tests.cast import NOON

LONG_AFTER = NOON + timedelta(days=120)


def told() -> list[tuple[str, str]]:
    return [(each.staff.name, each.text) for each in Notice.objects.order_by("pk")]


def held_letters() -> int:
    """The letters that are held leave; how many cases they were held for."""
    jobs = ProcrastinateJob.objects.filter(task_name="front.tell_of_changed_calendar", status="todo")
    for job in jobs:
        tell_of_moved(**job.args)
    return len(jobs)


@pytest.fixture
def case(cast, opened):
    """A case that Lin serves, with one promise alone: the answer in three working days."""
    case = opened()
    assign(case, by=cast.chou, to=cast.lin, at=NOON)
    Promise.objects.all().delete()
    ProcrastinateJob.objects.all().delete()
    case.refresh_from_db()
    make(
        pack("company").rule("CO-05"), subject=case.ref, start_at=NOON, calendar_key="TW:台北市",
        dims=case.dims() | {"officer": str(cast.lin.ref)},
    )  # fmt: skip
    return case


def test_a_warning_reaches_the_officer_with_the_date_and_the_way_to_the_case(case, worker):
    assert warn_due(NOON + timedelta(days=2, hours=8)) == 1
    worker()
    worker()

    ((name, text),) = told()
    assert name == "林佳穎" and text.startswith(f"即將到期：{case.number}，")
    assert Notice.objects.get().url == f"/cases/{case.number}/"


def test_a_broken_promise_reaches_the_officer_and_the_team_leader_once_each(case, worker):
    assert break_due(LONG_AFTER) == 1
    worker()
    worker()

    texts = dict(told())
    assert len(told()) == 2 and set(texts) == {"林佳穎", "周文彬"}
    assert texts["林佳穎"].startswith(f"已逾期：{case.number}")
    assert texts["周文彬"].startswith(f"林佳穎 的案件已逾期：{case.number}")


def test_who_stands_in_for_the_officer_is_told_too(cast, case, worker):
    Deputy.objects.create(staff=cast.lin, deputy=cast.chen, from_on=date(2020, 1, 1), until_on=date(2099, 1, 1))

    break_due(LONG_AFTER)
    worker()

    assert {name for name, _text in told()} == {"林佳穎", "陳柏宏", "周文彬"}


def test_what_nobody_serves_reaches_those_who_lead_the_able(cast, opened, worker):
    case = opened()
    ProcrastinateJob.objects.all().delete()

    break_due(LONG_AFTER)
    worker()

    assert {name for name, _text in told()} == {"周文彬"}
    assert told()[0][1].startswith(f"已逾期且尚未指派：{case.number}")


def test_a_warning_that_comes_after_the_answer_is_not_given(case, worker):
    warn_due(NOON + timedelta(days=2, hours=8))
    Promise.objects.update(state="withdrawn", ended_at=NOON, ended_reason="withdrawn")
    worker()

    assert told() == []


def test_a_typhoon_day_is_told_to_the_customer_by_one_letter_that_keeps_no_promise(cast, case, worker):
    declare_day(Declaration("TW", "台北市", date(2026, 11, 25), "台北市政府停班停課公告"), by=cast.chou.ref, at=NOON)
    assert redue_changed(NOON, detail="台北市政府停班停課公告") == 1
    worker()
    worker()
    held_letters()

    (letter,) = case.letters.all()
    body = body_of(letter.touch)
    assert (letter.channel, letter.address) == ("email", "ya.ting@example.com")
    assert "王雅婷 您好" in body and "台北市政府停班停課公告" in body
    assert "由 11/27(五)\u200924:00 改為 11/30(一)\u200924:00" in body.replace("（", "(").replace("）", ")")
    case.refresh_from_db()
    assert (case.state, case.first_replied_at, letter.touch.by) == ("open", None, None)


def test_two_promises_that_move_together_are_told_together(cast, case, worker):
    make(pack("company").rule("CO-05"), subject=case.ref, start_at=NOON, calendar_key="TW:台北市", dims=case.dims())
    declare_day(Declaration("TW", "台北市", date(2026, 11, 25), "停班停課"), by=cast.chou.ref, at=NOON)
    assert redue_changed(NOON, detail="停班停課") == 2
    worker()
    held_letters()

    (letter,) = case.letters.all()
    assert body_of(letter.touch).count("停班停課") == 2


def test_more_time_is_told_with_its_reason(cast, case, worker):
    promise = make(
        pack("TW").rule("TW-30"), subject=case.ref, start_at=NOON, calendar_key="TW:台北市", dims=case.dims()
    )
    step = pack("TW").rule("TW-30").extensions[0].code
    extend(promise, step=step, at=NOON, reason="資料須向舊系統調閱", by=cast.lin.ref, approver=cast.chou.ref)
    worker()

    assert "資料須向舊系統調閱" in body_of(case.letters.get().touch)


def test_without_an_address_the_officer_is_asked_to_tell_the_customer(cast, case, worker):
    type(case).objects.filter(pk=case.pk).update(claimed_email="")
    declare_day(Declaration("TW", "台北市", date(2026, 11, 25), "停班停課"), by=cast.chou.ref, at=NOON)
    redue_changed(NOON, detail="停班停課")
    worker()
    held_letters()

    assert case.letters.count() == 0
    assert [name for name, text in told() if "請您親自告知" in text] == ["林佳穎"]


def test_what_is_imported_is_told_to_nobody(case, worker):
    Promise.objects.update(origin="import")

    assert break_due(LONG_AFTER) == 1
    worker()

    assert told() == []


def test_a_promise_that_is_not_for_the_customer_is_not_told_to_him(cast, case, worker):
    Promise.objects.update(audience="staff")
    declare_day(Declaration("TW", "台北市", date(2026, 11, 25), "停班停課"), by=cast.chou.ref, at=NOON)
    redue_changed(NOON, detail="停班停課")
    worker()
    held_letters()

    assert case.letters.count() == 0 and told() == []


def test_a_letter_of_the_house_is_no_answer_who_waits_for_one_waits_on(case, cast, worker):
    receive(case, body="請問進度？", channel="web", at=NOON + timedelta(hours=1))
    extend_by_declaration = Declaration("TW", "台北市", date(2026, 11, 26), source="停班")
    declare_day(extend_by_declaration, at=NOON + timedelta(hours=2))
    redue_changed(NOON + timedelta(hours=2), detail="停班")
    worker()
    held_letters()

    (row,) = desk(cast.lin, Looking(), at=NOON + timedelta(hours=3)).groups[-1].rows
    assert (case.touches.filter(direction="outbound", by=None).count(), row.is_waiting_for_us) == (1, True)
    assert Case.objects.get(pk=case.pk).touched_at == NOON + timedelta(hours=1)


def declared(day: int, **how) -> None:
    declare_day(Declaration("TW", "台北市", date(2026, 11, day), "停班停課", **how), at=NOON)
    redue_changed(NOON, detail="停班停課")


def test_what_is_withdrawn_before_the_letter_leaves_is_told_to_nobody(case, worker):
    declared(25)
    worker()
    declared(25, is_withdrawn=True)
    worker()

    assert (held_letters(), case.letters.count()) == (1, 0)
    assert Promise.objects.get().due_at == NOON.replace(day=28, hour=0, minute=0)


def test_a_correction_is_told_by_the_same_letter(case, worker):
    declared(25)
    worker()
    declared(26)
    worker()
    held_letters()
    held_letters()

    (letter,) = case.letters.all()
    body = body_of(letter.touch).replace("（", "(").replace("）", ")")
    assert "由 11/27(五)\u200924:00 改為 12/1(二)\u200924:00" in body


def test_what_is_withdrawn_after_the_letter_left_is_told_by_another(case, worker):
    declared(25)
    worker()
    held_letters()
    declared(25, is_withdrawn=True)
    tell_of_changed_calendar(case, at=NOON)

    assert [body_of(each.touch).count("改為") for each in case.letters.order_by("pk")] == [1, 1]
    body = body_of(case.letters.order_by("pk").last().touch).replace("（", "(").replace("）", ")")
    assert "由 11/30(一)\u200924:00 改為 11/27(五)\u200924:00" in body


@pytest.mark.parametrize(
    ("declared_at", "leaves_at"),
    [((24, 14, 40), (24, 14, 55)), ((24, 20, 50), (25, 8, 0)), ((24, 23, 50), (25, 8, 0)), ((24, 3, 0), (24, 8, 0))],
)
def test_a_letter_waits_a_quarter_of_an_hour_and_in_the_night_until_the_morning(case, declared_at, leaves_at):
    at, until = (NOON.replace(day=day, hour=h, minute=m) for day, h, m in (declared_at, leaves_at))

    assert hold_until(case, at) == until


def test_an_investigator_is_told_of_their_own_breach_beside_the_officer(cast, opened, worker):
    disputed = opened()
    assign(disputed, by=cast.chou, to=cast.lin, at=NOON)
    appoint(ensure_complaint(Case.objects.get(pk=disputed.pk)), by=cast.lin, investigator=cast.chen, at=NOON)
    Promise.objects.exclude(rule="CO-24").delete()
    Notice.objects.all().delete()
    ProcrastinateJob.objects.all().delete()

    break_due(LONG_AFTER)
    worker()
    worker()

    late = [(name, text.split("：")[0]) for name, text in told()]
    assert late == [("林佳穎", "已逾期"), ("陳柏宏", "已逾期"), ("周文彬", "林佳穎 的案件已逾期")]
    assert all("獨立調查結果，原應於 12/1(二)\u200924:00 前" in text for _name, text in told())
