"""Many act on the same complaints at once: nothing deadlocks, no word is lost. Real connections, committed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from shouxin.cases.actions import assign, open_case, receive, reply
from shouxin.cases.kit import working_on
from shouxin.cases.models import Case, Service, Touch
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions, ending, jobs
from shouxin.complaints.models import Complaint, FinalLetter
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.record.queries import timeline
from tests.cast import NOON, make_cast

pytestmark = pytest.mark.database
LATER = NOON + timedelta(hours=1)
VERDICT = actions.Verdict("upheld", "案件送出調閱後無人接續。", "期限已過,沒有爭議的部分應先付。")


@pytest.fixture
def insurer(own_database, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


def complained(insurer, count: int) -> list[Complaint]:
    """So many complaints of lin's, looked into by chen."""
    found = []
    for _each in range(count):
        case = open_case(
            by=None, at=NOON, service=Service.objects.get(code="A15"), channel="web", subject="申訴", body="請查明",
            branch=insurer.taipei, claimant=Claimant(name="王雅婷"), key=uuid4(),
        )  # fmt: skip
        assign(case, by=insurer.chou, to=insurer.lin, at=NOON)
        complaint = actions.ensure_complaint(case)
        found.append(actions.appoint(complaint, by=insurer.lin, investigator=insurer.chen, at=NOON))
        actions.sign_findings(complaint, by=insurer.chen, text="無人接續。", at=NOON)
    return found


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Begin all of them at the same moment, each with a connection of its own; what each returned or raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(30)
            return act()
        except Exception as problem:  # noqa: BLE001 - told to the test
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_customers_message_and_an_act_on_the_complaint_wait_for_each_other_in_one_order(insurer):
    (complaint,) = complained(insurer, 1)
    holding, writing = Event(), Event()

    def act() -> None:
        with working_on(complaint.case, by=insurer.lin, at=LATER) as work:
            holding.set()
            writing.wait(10)  # the message is on its way while the case is held
            work.reply("我們在查了。")

    def write() -> None:
        holding.wait(10)
        connection.ensure_connection()
        writing.set()
        receive(complaint.case, body="麻煩快一點", channel="web", at=LATER)

    assert at_once([act, write]) == [None, None]
    directions = Touch.objects.filter(case=complaint.case).order_by("pk").values_list("direction", flat=True)
    assert list(directions) == ["inbound", "outbound", "inbound"]


def test_seventy_acts_on_ten_complaints_at_once_end_without_a_deadlock(insurer):
    complaints = complained(insurer, 10)
    lin, by_act = insurer.lin, {"at": LATER}

    decided = at_once([
        act for each in complaints for act in (
            lambda each=each: actions.decide(each, by=lin, verdict=VERDICT, **by_act),
            lambda each=each: reply(each.case, by=lin, body="我們在查了。", key=uuid4(), **by_act),
            lambda each=each: actions.find_cause(each, by=lin, cause="delay", **by_act),
            lambda each=each: receive(each.case, body="還有一件事", channel="web", key=uuid4(), **by_act),
        )
    ])  # fmt: skip
    sent = at_once([
        act for each in complaints for act in (
            lambda each=each: ending.send_final_letter(each, by=lin, **by_act),
            lambda each=each: reply(each.case, by=lin, body="答覆函另寄。", key=uuid4(), **by_act),
            lambda each=each: receive(each.case, body="收到了嗎", channel="web", key=uuid4(), **by_act),
        )
    ])  # fmt: skip

    assert [each for each in (*decided, *sent) if isinstance(each, Exception)] == []
    assert FinalLetter.objects.count() == 10
    for each in complaints:
        said = Touch.objects.filter(case=each.case)
        assert (said.filter(direction="inbound").count(), said.filter(direction="outbound").count()) == (3, 3)


def test_the_worker_acknowledges_while_the_customer_writes_and_the_officer_decides(insurer):
    complaints = complained(insurer, 5)
    for each in complaints:
        reply(each.case, by=insurer.lin, body="我們收到了。", at=LATER)
    heard = [
        next(e.id for e in timeline(each.case.ref, Audience.STAFF) if e.kind == "ReplySent") for each in complaints
    ]

    answers = at_once([
        act for each, fact in zip(complaints, heard, strict=True) for act in (
            lambda each=each, fact=fact: jobs.acknowledge_by_reply(
                fact, {"subject": str(each.case.ref), "first": True}
            ),
            lambda each=each: receive(each.case, body="還有一件事", channel="web", at=LATER),
            lambda each=each: actions.decide(each, by=insurer.lin, verdict=VERDICT, at=LATER),
        )
    ])  # fmt: skip

    assert [each for each in answers if isinstance(each, Exception)] == []
    assert Complaint.objects.filter(acknowledged_at=None).count() == 0


def test_a_decision_made_while_the_letter_is_printed_is_not_sent_unread(insurer):
    (complaint,) = complained(insurer, 1)
    actions.decide(complaint, by=insurer.lin, verdict=VERDICT, at=LATER)
    first = ending._decided(complaint)
    mended = replace(VERDICT, change="補了一份診斷書。")
    actions.decide(complaint, by=insurer.lin, verdict=mended, at=LATER + timedelta(minutes=1))

    with pytest.raises(Refused):
        ending._send(complaint, first, by=insurer.lin, cover="", at=LATER + timedelta(minutes=2))

    assert FinalLetter.objects.count() == 0
    assert Case.objects.get(pk=complaint.case_id).touch_count == 1
