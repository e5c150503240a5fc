"""A typhoon day is declared at night: what is open moves by new rows, what has ended stays."""

from datetime import date

import pytest
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.core.audience import Audience
from shouxin.core.drawers import DRAWERS, draw
from shouxin.jurisdictions.actions import Declaration, declare_day
from shouxin.jurisdictions.calendars import Hours
from shouxin.people.organisation import set_hours
from shouxin.promises import redue
from shouxin.promises.actions import keep, pause
from shouxin.promises.facts import PromiseFact
from shouxin.promises.jobs import recalculate, redue_after_declaration, redue_after_hours
from shouxin.promises.models import PromiseDue, State
from shouxin.promises.redue import redue_changed
from shouxin.promises.tests.stories import CALLBACK, CASE, LIN, SERVICING, at, promised, told
from shouxin.record.queries import timeline
from shouxin.record.subscribers import SUBSCRIBERS

pytestmark = pytest.mark.django_db
TYPHOON = Declaration("TW", "台北市", date(2026, 11, 25), "台北市政府停班停課公告")
MADE_UP = Declaration("TW", "", date(2026, 11, 28), "人事行政總處", is_open=True)


def _declare(declaration: Declaration) -> None:
    declare_day(declaration, by=LIN, at=at("11-24", "22:00"))


def test_open_promises_of_the_place_move_by_new_rows():
    here = promised(SERVICING, start_at=at("11-23"))
    there = promised(SERVICING, start_at=at("11-23"), calendar_key="TW:台南市")
    waiting, done = promised(SERVICING, start_at=at("11-23")), promised(SERVICING, start_at=at("11-23"))
    pause(waiting, at=at("11-24"), reason="waiting_for_papers")
    keep(done, at=at("11-24"), by=LIN)
    _declare(TYPHOON)
    assert redue_changed(at("11-24", "22:00"), detail=TYPHOON.source) == 2
    for each in (here, there, waiting, done):
        each.refresh_from_db()
    assert here.due_at == waiting.due_at == at("11-28", "00:00")
    assert there.due_at == done.due_at == at("11-27", "00:00")
    row = PromiseDue.objects.get(promise=here)
    assert (row.old, row.new, row.why) == (at("11-27", "00:00"), at("11-28", "00:00"), "calendar")
    assert row.detail == "台北市政府停班停課公告" and row.reckoning_before != here.reckoning
    redued = told("PromiseRedued")
    assert [fact["data"]["promise"] for fact in redued] == [here.pk, waiting.pk]
    assert {fact["audience"] for fact in redued} == {"customer"} and waiting.state == State.PAUSED


def test_a_declaration_delivered_twice_moves_once():
    promise = promised(SERVICING, start_at=at("11-23"))
    _declare(TYPHOON)
    assert SUBSCRIBERS["DayDeclared"]["promises.recalculate_after_declared_day"].handler is redue_after_declaration
    assert redue_changed(at("11-24", "22:00")) == 1 and redue_changed(at("11-24", "22:01")) == 0
    promise.refresh_from_db()
    assert promise.dues.count() == 1


def test_new_hours_of_an_office_move_what_runs_by_them(cast):
    promise = promised(CALLBACK, start_at=at("11-24", "16:30"))
    assert promise.due_at == at("11-25", "10:00")
    day = ((9 * 60, 19 * 60),)
    longer = Hours(from_on=date(2026, 11, 1), weekly=(day,) * 5 + ((), ()), makeup=day)
    set_hours(cast.taipei, longer, by=None, at=at("11-24", "16:40"))
    assert SUBSCRIBERS["HoursSet"]["promises.recalculate_after_new_hours"].handler is redue_after_hours
    redue_after_hours(1, {})
    waiting = ProcrastinateJob.objects.get(task_name=recalculate.name)
    recalculate(**waiting.args)
    promise.refresh_from_db()
    assert promise.due_at == at("11-24", "18:30")
    assert PromiseDue.objects.get(promise=promise).detail == "分公司的服務時間變更了。"


def test_a_made_up_day_never_makes_it_later_and_nobody_is_late_by_a_word_spoken_afterwards():
    sooner = promised(SERVICING, start_at=at("11-25"))
    assert sooner.due_at == at("12-01", "00:00")
    _declare(MADE_UP)
    assert redue_changed(at("11-24", "22:00")) == 1
    sooner.refresh_from_db()
    assert sooner.due_at == at("11-29", "00:00")


def test_a_day_made_up_afterwards_breaks_nothing():
    promise = promised(SERVICING, start_at=at("11-25"))
    declare_day(MADE_UP, at=at("11-30", "08:00"))
    assert redue_changed(at("11-30", "08:00")) == 0
    promise.refresh_from_db()
    assert promise.due_at == at("12-01", "00:00") and promise.state == State.RUNNING


def test_more_than_one_chunk_is_done(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(redue, "CHUNK", 2)
    for _ in range(5):
        promised(SERVICING, start_at=at("11-23"))
    _declare(TYPHOON)
    with django_assert_max_num_queries(60):
        assert redue_changed(at("11-24", "22:00")) == 5
    assert PromiseDue.objects.count() == 5


def test_every_fact_of_a_promise_is_told_on_the_timeline():
    assert {kind.__name__ for kind in PromiseFact.__subclasses__()} <= set(DRAWERS)
    promise = promised(SERVICING, start_at=at("11-23"))
    pause(promise, at=at("11-24"), reason="waiting_for_papers", waiting_for="王小姐補收據")
    keep(promise, at=at("11-25"), by=LIN)
    with override("zh-hant"):
        lines = [draw(entry) for entry in timeline(CASE, Audience.STAFF)]
    assert [line.text.split("：")[0] for line in reversed(lines)] == ["開始計時", "暫停計時", "繼續計時", "承諾兌現"]
    assert lines[2].detail == "王小姐補收據" and lines[0].tone == "kept"


def test_the_timeline_names_a_promise_in_the_language_of_who_reads():
    promise = promised(SERVICING, start_at=at("11-23"))
    keep(promise, at=at("11-25"), by=LIN)
    with override("en"):
        texts = [draw(entry).text for entry in timeline(CASE, Audience.STAFF)]
    assert [text.partition(",")[0] for text in texts] == [
        "Promise kept: Policy servicing completed", "Promised: Policy servicing completed",
    ]  # fmt: skip
