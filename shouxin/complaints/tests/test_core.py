"""A complaint from its line to its letter: independent, decided with reasons, never closed without the letter."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.cases.actions import assign, close, open_case, receive, reopen, reply
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant, StillOwed
from shouxin.complaints import actions, ending
from shouxin.complaints.letters.composing import letter_data, render_letter
from shouxin.complaints.models import Against, Complaint, Line
from shouxin.complaints.rules import Answers, line_of
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from shouxin.record.subscribers import deliver
from tests.cast import NOON, Cast

VERDICT = actions.Verdict("upheld", "案件送出調閱後無人接續。", "期限已過,沒有爭議的部分應先付。")


@pytest.fixture
def case(cast: Cast) -> Case:
    opened = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    return assign(opened, by=cast.chou, to=cast.lin, at=NOON + timedelta(minutes=5))


@pytest.fixture
def complaint(case: Case) -> Complaint:
    return actions.ensure_complaint(case)


def later(hours: int):
    return NOON + timedelta(hours=hours)


def decided(complaint: Complaint, cast: Cast) -> Complaint:
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=later(1))
    actions.sign_findings(complaint, by=cast.chen, text="無人接續。", at=later(1))
    redress = actions.Redress("payment", Decimal("186408"), "TWD")
    actions.decide(complaint, by=cast.lin, verdict=VERDICT, redress=redress, at=later(2))
    return Complaint.objects.get(pk=complaint.pk)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ((True, True, False, False), Line.COMPLAINT),
        ((True, False, True, False), Line.COMPLAINT),
        ((False, False, True, False), Line.ENQUIRY),
        ((False, False, False, True), Line.CLAIM),
        ((False, False, False, False), Line.COMPLAINT),
    ],
)
def test_the_line_is_drawn_to_the_advantage_of_the_customer(said, line):
    assert line_of(Answers(*said))[0] == line


def test_a_complaint_can_be_lodged_against_an_agent_who_has_left(complaint, cast):
    target = actions.Target(kind=Against.AGENT, agent=cast.ho)

    actions.aim(complaint, by=cast.lin, target=target, at=later(1))

    told = next(e for e in timeline(complaint.case.ref, Audience.STAFF) if e.kind == "ComplaintAimed")
    assert (told.against_kind, told.against) == ("agent", f"agent:{cast.ho.pk}")


def test_the_person_complained_of_and_who_works_for_him_can_not_investigate(complaint, cast):
    actions.aim(complaint, by=cast.lin, target=actions.Target(kind=Against.STAFF, staff=cast.chou), at=later(1))

    with pytest.raises(Refused, match="周文彬"):
        actions.appoint(complaint, by=cast.lin, investigator=cast.chou)
    with pytest.raises(Refused, match="陳柏宏"):
        actions.appoint(complaint, by=cast.lin, investigator=cast.chen)


def test_the_database_refuses_an_investigator_who_is_complained_of(complaint, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(
            against_kind="staff", against_staff=cast.chen, investigator=cast.chen
        )


def test_without_its_final_letter_a_complaint_can_not_be_closed_by_whatever_way(complaint, cast):
    with pytest.raises(Refused, match="答覆函"):
        close(complaint.case, by=cast.lin, reason="answered")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=complaint.case_id).update(state="closed", closed_at=later(3))

    assert Case.objects.get(pk=complaint.case_id).is_open


def test_a_dispute_the_worker_has_not_come_to_is_guarded_as_well(case, cast):
    with pytest.raises(Refused):
        close(case, by=cast.lin, reason="answered")


def test_the_final_letter_keeps_the_promise_and_lets_the_case_close(complaint, cast):
    letter = ending.send_final_letter(decided(complaint, cast), by=cast.lin, at=later(3))

    owed = Promise.objects.about(complaint.case.ref).filter(terms__subject="complaint").values_list("state", flat=True)
    closed = close(Case.objects.get(pk=complaint.case_id), by=cast.lin, reason="granted", at=later(4))
    assert set(owed) == {"kept"}
    assert letter.next_step_until.isoformat() == "2027-01-25"
    assert closed.state == "closed"


def test_a_complaint_that_opens_again_is_promised_a_report_again(complaint, cast):
    ending.send_final_letter(decided(complaint, cast), by=cast.lin, at=later(3))
    close(Case.objects.get(pk=complaint.case_id), by=cast.lin, reason="granted", at=later(4))
    receive(Case.objects.get(pk=complaint.case_id), body="金額還是不對。", channel="web", at=later(71))
    reopen(Case.objects.get(pk=complaint.case_id), by=cast.lin, reason="金額有誤", at=later(72))

    promised = Promise.objects.about(complaint.case.ref).filter(rule="CO-03").order_by("start_at")
    assert list(promised.values_list("start_at", "state")) == [
        (later(0), "kept"), (later(71), "running"),
    ]  # fmt: skip


def test_no_plain_reply_answers_a_complaint(complaint, cast):
    term = Promise.objects.about(complaint.case.ref).get(rule="TW-14")
    with pytest.raises(Refused, match="正式答覆函"):
        reply(complaint.case, by=cast.lin, body="已處理", keeps=(term.pk,), at=later(2))
    term.refresh_from_db()
    assert (term.state, term.act) == ("running", "")


def test_a_dispute_that_is_a_question_after_all_still_needs_its_answer(complaint, cast):
    actions.classify(complaint, by=cast.lin, answers=Answers(False, False, True, False), at=later(1))
    case = Case.objects.get(pk=complaint.case_id)
    with pytest.raises(StillOwed, match="第一次回覆"):
        close(case, by=cast.lin, reason="no_reply", at=later(2))
    states = set(Promise.objects.about(case.ref).values_list("state", flat=True))
    assert (states, Case.objects.get(pk=case.pk).is_open) == ({"running"}, True)

    term = Promise.objects.about(case.ref).get(rule="TW-14")
    reply(case, by=cast.lin, body="說明如下", keeps=(term.pk,), at=later(3))
    close(Case.objects.get(pk=case.pk), by=cast.lin, reason="answered", at=later(4))
    ended = dict(Promise.objects.about(case.ref).values_list("rule", "act"))
    assert ended == {"CO-01": "reply", "CO-04": "acknowledgement", "TW-14": "answer", "CO-03": ""}


def test_the_letter_says_what_the_customer_can_do_next_and_until_when(complaint, cast):
    decision = actions.decision_of(decided(complaint, cast))
    told = letter_data(decision, at=later(3))

    assert told["next"]["text"].splitlines()[0].startswith("如您不接受本公司處理結果")
    assert "2027 年 1 月 25 日(一)" in told["next"]["text"]
    assert "186,408" in told["parts"][1]["text"]
    assert b"NotoSansCJKtc-Regular" in render_letter(decision, at=later(3))


def test_it_is_not_decided_before_somebody_looked(complaint, cast):
    with pytest.raises(Refused, match="調查人"):
        actions.decide(complaint, by=cast.lin, verdict=VERDICT)


def test_a_handler_walks_through_the_page_without_javascript(complaint, cast, client):
    client.force_login(cast.lin)
    number = complaint.case.number
    page = client.get(reverse("complaints:complaint", args=[number]))
    wrong = client.post(reverse("complaints:decision", args=[number]), {"outcome": "upheld"})
    appointed = client.send(
        reverse("complaints:investigator", args=[number]), {"investigator": cast.chen.pk},
        on=reverse("complaints:complaint", args=[number]),
    )  # fmt: skip

    assert (page.status_code, wrong.status_code, appointed.status_code) == (200, 422, 303)
    assert Complaint.objects.get(pk=complaint.pk).investigator == cast.chen


def test_the_end_of_a_complaint_is_told_once_by_whom_and_how(complaint, cast):
    ending.send_final_letter(decided(complaint, cast), by=cast.lin, at=later(3))
    closed = close(Case.objects.get(pk=complaint.case_id), by=cast.lin, reason="granted", at=later(4))
    fact = next(e for e in timeline(closed.ref, Audience.STAFF, limit=100) if e.kind == "CaseClosed")

    job = ProcrastinateJob.objects.get(args__fact=fact.id, args__hearer="complaints.end_complaint")
    for _again in range(2):
        deliver(**job.args)

    told = [e for e in timeline(closed.ref, Audience.STAFF, limit=100) if e.kind == "ComplaintClosed"]
    assert [(e.actor, e.dims["outcome"], e.recovery, e.seconds) for e in told] == [
        (cast.lin.ref, "upheld", "186408.00", 4 * 3600)
    ]


def test_one_decision_is_sent_by_one_letter(complaint, cast):
    done = decided(complaint, cast)
    ending.send_final_letter(done, by=cast.lin, at=later(3))

    with pytest.raises(Refused, match="已經寄出"):
        ending.send_final_letter(done, by=cast.lin, at=later(4))
    changed = actions.Verdict("partly", VERDICT.findings, VERDICT.reasons, change="保戶補了診斷書。")
    actions.decide(done, by=cast.lin, verdict=changed, at=later(5))
    ending.send_final_letter(done, by=cast.lin, at=later(6))

    assert [letter.decision.outcome for letter in done.letters.order_by("pk")] == ["upheld", "partly"]
    with pytest.raises(IntegrityError), transaction.atomic():
        letter = done.letters.first()
        letter.pk = None
        letter.save()


def test_of_two_who_decide_at_once_the_second_is_told(complaint, cast):
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=later(1))
    actions.sign_findings(complaint, by=cast.chen, text="無人接續。", at=later(1))
    first = actions.decide(complaint, by=cast.lin, verdict=VERDICT, seen=0, at=later(2))

    with pytest.raises(Refused, match="別人做了決定"):
        actions.decide(complaint, by=cast.chou, verdict=VERDICT, seen=0, at=later(2))
    with pytest.raises(Refused, match="為什麼更改"):
        actions.decide(complaint, by=cast.chou, verdict=VERDICT, seen=first.pk, at=later(2))
    assert list(complaint.decisions.all()) == [first]


def test_the_steps_show_what_was_said_before_and_two_clicks_decide_once(complaint, cast, client):
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=later(1))
    actions.sign_findings(complaint, by=cast.chen, text="無人接續。", at=later(1))
    client.force_login(cast.lin)
    number = complaint.case.number
    said = {
        "outcome": "upheld", "findings": "送審後無人接續。", "reasons": "期限已過。", "redress_kind": "none",
        "key": "7d1f2a40-51d3-4f6e-8a55-0a2a4e9a1c01",
    }  # fmt: skip

    answers = [client.post(reverse("complaints:decision", args=[number]), said).status_code for _click in range(2)]
    page = client.get(reverse("complaints:complaint", args=[number])).content.decode()

    assert answers == [303, 303]
    assert complaint.decisions.count() == 1
    assert "送審後無人接續。" in page and "期限已過。" in page
    sent = [
        client.post(reverse("complaints:letter", args=[number]), {"key": said["key"][:-1] + "2"}).status_code
        for _click in range(2)
    ]
    assert (sent, complaint.letters.count()) == ([303, 303], 1)
    after = client.get(reverse("complaints:complaint", args=[number])).content.decode()
    assert reverse("complaints:letter", args=[number]) + '"' not in after


@pytest.mark.parametrize(
    ("service", "said"), [("A15", ["is_dissatisfied"]), ("A13", ["is_dissatisfied", "disputes_right"])]
)
def test_the_step_that_draws_the_line_comes_with_what_was_said_at_intake(cast, client, service, said):
    opened = open_case(
        by=None, at=NOON, service=Service.objects.get(pk=service), channel="web", subject="理賠", body="不服決定。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    complaint = actions.ensure_complaint(assign(opened, by=cast.chou, to=cast.lin, at=NOON))
    client.force_login(cast.lin)
    page = reverse("complaints:complaint", args=[opened.number])

    assert ticked(client.get(page)) == said

    actions.classify(complaint, by=cast.lin, answers=Answers(True, False, True, False), at=later(1))
    assert ticked(client.get(page)) == ["is_dissatisfied", "asks_only"]


def ticked(page) -> list[str]:
    form = page.content.decode().split("/line/")[1].split("</form>")[0]
    return re.findall(r'name="(\w+)"[^>]* checked', form)


def test_of_a_target_only_the_field_of_its_kind_is_read(case, cast, client):
    """A name left in a field that is no longer shown neither stops the form nor is kept."""
    client.force_login(cast.lin)
    actions.ensure_complaint(case)

    answer = client.send(
        reverse("complaints:target", args=[case.number]),
        {"against_kind": "staff", "staff": cast.chou.pk, "agent": "沒有這個人", "post": "EC"},
        on=reverse("complaints:complaint", args=[case.number]),
    )

    found = Complaint.objects.get(case=case)
    assert answer.status_code == 303
    assert (found.against_kind, found.against_staff, found.against_agent, found.against_post) == (
        "staff", cast.chou, None, "",
    )  # fmt: skip
