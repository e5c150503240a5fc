"""Independent investigation: a task of who is named, ticked only when they have signed the findings."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, hand_over, open_case
from shouxin.cases.models import Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions
from shouxin.complaints.forms import InvestigatorForm
from shouxin.complaints.models import Complaint
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.people.models import Notice
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
