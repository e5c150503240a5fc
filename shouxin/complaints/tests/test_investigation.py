"""Independent investigation: a task of who is named, ticked only when they have signed the findings."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, hand_over, open_case
from shouxin.cases.models import Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions, jobs
from shouxin.complaints.forms import ClassifyForm, DecisionForm, InvestigatorForm
from shouxin.complaints.letters.composing import letter_data
from shouxin.complaints.models import Complaint
from shouxin.complaints.queries import investigations_of
from shouxin.complaints.rules import Answers
from shouxin.core.audience import Audience
from shouxin.core.clock import local
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.people.models import Notice
from shouxin.promises.actions import break_overdue, withdraw
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON, Cast

VERDICT = actions.Verdict("upheld", "送審後無人接續。", "期限已過。")


def later(hours: int):
    return NOON + timedelta(hours=hours)


@pytest.fixture
def complaint(cast: Cast) -> Complaint:
    """Served by lin, investigated by chen."""
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    found = actions.ensure_complaint(assign(case, by=cast.chou, to=cast.lin, at=NOON))
    return actions.appoint(found, by=cast.lin, investigator=cast.chen, at=later(1))


def test_who_is_named_is_told_and_finds_it_on_today(complaint, cast, client):
    assert complaint.case.number in Notice.objects.get(staff=cast.chen).text
    for who, is_asked in ((cast.chen, True), (cast.lin, False)):
        client.force_login(who)
        today = client.get(reverse("front:today")).content.decode()
        assert ("請我調查的申訴" in today) is is_asked


def test_signing_is_told_to_the_customer_without_its_words(complaint, cast):
    actions.sign_findings(complaint, by=cast.chen, text="送審後無人接續。", at=later(2))

    told = [e for e in timeline(complaint.case.ref, Audience.CUSTOMER) if e.kind == "FindingsSigned"]
    assert [(e.actor, e.content) for e in told] == [(cast.chen.ref, {})]


def test_only_the_investigator_signs(complaint, cast):
    with pytest.raises(NotAllowed):
        actions.sign_findings(complaint, by=cast.lin, text="我自己查的。", at=later(2))
    with pytest.raises(Refused):
        actions.sign_findings(complaint, by=cast.chen, text="  ", at=later(2))


def test_who_handles_the_case_is_neither_offered_nor_taken_as_its_investigator(complaint, cast):
    offered = InvestigatorForm(complaint=complaint).fields["investigator"].queryset
    assert (cast.lin in offered, cast.chen in offered, cast.chou in offered) == (False, True, True)
    with pytest.raises(Refused, match="林佳穎負責這個案件"):
        actions.appoint(complaint, by=cast.chou, investigator=cast.lin, at=later(2))
    complaint.refresh_from_db()
    assert complaint.investigator == cast.chen


def test_an_investigator_who_took_the_case_over_signs_nothing(complaint, cast):
    hand_over(complaint.case, by=cast.lin, to=cast.chen, reason="換人負責", at=later(2))
    with pytest.raises(Refused, match="請指派其他同仁"):
        actions.sign_findings(complaint, by=cast.chen, text="我自己查的。", at=later(3))
    assert not complaint.findings.exists()


def test_deciding_before_the_findings_needs_a_stated_reason(complaint, cast):
    with pytest.raises(Refused, match="陳柏宏"):
        actions.decide(complaint, by=cast.lin, verdict=VERDICT, at=later(2))
    verdict = actions.Verdict(*VERDICT.__dict__.values())
    early = actions.Verdict(verdict.outcome, verdict.findings, verdict.reasons, without="保戶病危,先給付。")

    decided = actions.decide(complaint, by=cast.lin, verdict=early, at=later(2))

    assert decided.without_findings == "保戶病危,先給付。"


def test_findings_are_read_on_the_page_and_mended_with_a_reason(complaint, cast, client):
    client.force_login(cast.chen)
    url = reverse("complaints:findings", args=[complaint.case.number])
    page = reverse("complaints:complaint", args=[complaint.case.number])
    assert client.send(url, {"text": "送審後無人接續。"}, on=page).status_code == 303
    bad = client.send(url, {"text": "補件後無人接續。"}, on=page)
    assert (bad.status_code, "補件後無人接續。" in bad.content.decode()) == (422, True)
    assert client.send(url, {"text": "補件後無人接續。", "change": "看錯日期"}, on=page).status_code == 303

    client.force_login(cast.lin)
    page = client.get(reverse("complaints:complaint", args=[complaint.case.number])).content.decode()
    assert "補件後無人接續。" in page
    assert list(complaint.findings.values_list("text", flat=True)) == ["補件後無人接續。", "送審後無人接續。"]


def test_another_investigator_begins_with_nothing_signed(complaint, cast):
    actions.sign_findings(complaint, by=cast.chen, text="送審後無人接續。", at=later(2))

    other = actions.appoint(complaint, by=cast.lin, investigator=cast.chou, at=later(3))

    assert actions.findings_of(other) is None


def owed(complaint: Complaint) -> list[tuple[str, str, str, str]]:
    """The investigator's promises of this complaint: state, who answers for it, why it ended, by when."""
    found = Promise.objects.about(complaint.case.ref).filter(rule="CO-24").order_by("pk")
    return [
        (each.state, each.dims["officer"], each.ended_reason, f"{local(each.due_at):%m/%d %H:%M}") for each in found
    ]


def test_the_investigator_has_a_clock_of_their_own(complaint, cast, client):
    """Named on Tuesday 24 November: five working days end with Tuesday 1 December."""
    assert owed(complaint) == [("running", f"staff:{cast.chen.pk}", "", "12/02 00:00")]
    assert "調查結果期限：12/1(二)\u200924:00" in Notice.objects.get(staff=cast.chen).text
    client.force_login(cast.chen)
    today = client.get(reverse("front:today")).content.decode()
    assert "12/1(二)" in today.split("請我調查的申訴")[1].split("</section>")[0]


def test_handing_the_case_over_leaves_the_clock_with_the_investigator(complaint, cast):
    hand_over(complaint.case, by=cast.lin, to=cast.chou, reason="請假", at=later(2))

    assert owed(complaint) == [("running", f"staff:{cast.chen.pk}", "", "12/02 00:00")]


def test_signing_the_findings_keeps_it(complaint, cast):
    actions.sign_findings(complaint, by=cast.chen, text="送審後無人接續。", at=later(2))

    kept = Promise.objects.get(rule="CO-24")
    assert (kept.state, kept.act, kept.ended_by) == ("kept", "findings", f"staff:{cast.chen.pk}")


def test_another_investigator_has_a_new_clock_and_the_same_one_named_twice_has_not(complaint, cast):
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=later(20))
    actions.appoint(complaint, by=cast.lin, investigator=cast.chou, at=later(24))

    assert owed(complaint) == [
        ("withdrawn", f"staff:{cast.chen.pk}", "replaced", "12/02 00:00"),
        ("running", f"staff:{cast.chou.pk}", "", "12/03 00:00"),
    ]


def test_who_is_named_after_a_late_investigator_has_a_clock_too(complaint, cast):
    days = 24 * 10
    break_overdue(complaint.case.ref, at=later(days))

    actions.appoint(complaint, by=cast.lin, investigator=cast.chou, at=later(days))

    assert [(state, why) for state, _who, why, _due in owed(complaint)] == [("broken", "replaced"), ("running", "")]


def test_a_withdrawn_complaint_asks_for_no_findings(complaint, cast):
    verdict = actions.Verdict("withdrawn", "保戶撤回。", "保戶撤回。")

    actions.decide(complaint, by=cast.lin, verdict=verdict, at=later(3))

    assert [(state, why) for state, _who, why, _due in owed(complaint)] == [("withdrawn", "withdrawn")]


def test_what_is_no_complaint_after_all_is_not_investigated(complaint, cast):
    actions.classify(complaint, by=cast.lin, answers=Answers(False, False, True, False), at=later(2))

    assert [(state, why) for state, _who, why, _due in owed(complaint)] == [("withdrawn", "no_complaint")]


def test_signing_makes_the_request_to_investigate_old(cast, complaint):
    asked = Notice.objects.get(staff=cast.chen)
    assert asked.read_at is None
    actions.sign_findings(complaint, by=cast.chen, text="送審後無人接續。", at=later(2))
    asked.refresh_from_db()
    assert asked.read_at == later(2)


def test_redress_is_given_in_a_currency_of_the_place_chosen_from_a_list(complaint, cast):
    told = {"outcome": "upheld", "findings": "查明。", "reasons": "應補償。", "redress_kind": "payment"}
    told["amount"] = "12500"
    form = DecisionForm(told | {"currency": "TWD"}, complaint=complaint)
    assert form.fields["currency"].choices == [("TWD", "元")]
    assert form.is_valid() and form.redress() == actions.Redress("payment", Decimal("12500"), "TWD")
    assert list(DecisionForm(told | {"currency": "元"}, complaint=complaint).errors) == ["currency"]

    early = actions.Verdict(*list(VERDICT.__dict__.values())[:3], without="事實清楚。")
    decided = actions.decide(complaint, by=cast.lin, verdict=early, redress=form.redress(), at=later(2))
    assert DecisionForm.said(decided)["amount"] == "12500"
    assert "12,500 元" in letter_data(decided, at=later(3))["parts"][1]["text"]


def test_a_clear_line_is_not_decided_away_by_an_empty_form(complaint, cast):
    actions.classify(complaint, by=cast.lin, answers=Answers(False, False, True, False), at=later(2))
    complaint.refresh_from_db()
    form = ClassifyForm({}, complaint=complaint)
    assert "一項都沒有勾選" in str(form.errors)


def test_what_is_a_complaint_again_is_investigated_again(complaint, cast):
    actions.classify(complaint, by=cast.lin, answers=Answers(False, False, True, False), at=later(2))
    actions.classify(complaint, by=cast.lin, answers=Answers(True, False, False, False), at=later(24))

    assert owed(complaint) == [
        ("withdrawn", f"staff:{cast.chen.pk}", "no_complaint", "12/02 00:00"),
        ("running", f"staff:{cast.chen.pk}", "", "12/03 00:00"),
    ]


def test_an_investigator_without_a_clock_has_one_when_they_are_named_again(complaint, cast):
    withdraw(Promise.objects.get(rule="CO-24"), at=later(2), reason="replaced")

    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=later(24))

    assert [(state, due) for state, _who, _why, due in owed(complaint)][1:] == [("running", "12/03 00:00")]


def test_a_term_that_ends_with_the_decision_was_not_withdrawn_by_the_customer(complaint, cast):
    """Chen signed, was replaced and is named again: their old findings stand, their new time limit ends decided."""
    actions.sign_findings(complaint, by=cast.chen, text="送審後無人接續。", at=later(2))
    actions.appoint(complaint, by=cast.lin, investigator=cast.chou, at=later(3))
    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=later(4))

    actions.decide(complaint, by=cast.lin, verdict=VERDICT, at=later(5))

    assert [why for _state, _who, why, _due in owed(complaint)][1:] == ["replaced", "decided"]


def asked(complaint: Complaint, cast) -> tuple[bool, bool]:
    """Whether it stands on Chen's Today, and whether the notice of it is unread."""
    listed = complaint in investigations_of(cast.chen)
    return listed, Notice.objects.filter(staff=cast.chen, read_at=None).exists()


def test_nobody_is_asked_to_investigate_what_is_no_complaint_or_is_decided(complaint, cast):
    assert asked(complaint, cast) == (True, True)
    actions.classify(complaint, by=cast.lin, answers=Answers(False, False, True, False), at=later(2))
    assert asked(complaint, cast) == (False, False)
    actions.classify(complaint, by=cast.lin, answers=Answers(True, False, False, False), at=later(3))
    assert asked(complaint, cast) == (True, False)
    verdict = actions.Verdict("upheld", "送審後無人接續。", "期限已過。", without="事實清楚。")
    actions.decide(complaint, by=cast.lin, verdict=verdict, at=later(4))
    assert asked(complaint, cast) == (False, False)


def test_a_case_that_goes_to_its_own_investigator_asks_for_another(complaint, cast):
    hand_over(complaint.case, by=cast.lin, to=cast.chen, reason="換人負責", at=later(2))
    entry = next(each for each in timeline(complaint.case.ref, Audience.STAFF) if each.kind == "CaseHandedOver")
    for _twice in range(2):
        jobs.release_investigator_who_serves(entry.id, {"subject": str(complaint.case.ref), **entry.data})

    complaint.refresh_from_db()
    assert complaint.investigator is None
    assert [(state, why) for state, _who, why, _due in owed(complaint)] == [("withdrawn", "not_independent")]
    told = [each.text for each in Notice.objects.filter(staff=cast.chen, read_at=None)]
    assert [text for text in told if "請指派其他同仁調查" in text] == [
        f"{complaint.case.number}：這個案件現在由您負責，請指派其他同仁調查。"
    ]
