"""What keeps a complaint's term besides its final letter, where the law lets it: a holding letter, a decision told."""

from datetime import timedelta

import pytest

from shouxin.cases.actions import assign, open_case, reply
from shouxin.cases.keeping import proposed
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions
from shouxin.complaints.models import Complaint
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.people.models import Branch
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.queries import clocks_about
from tests.cast import NOON, Cast

DAY = timedelta(days=1)
NEW_DATE = Given("reply", NOON + 90 * DAY)


def complaint_in(cast: Cast, jurisdiction: str) -> Complaint:
    branch = Branch.objects.create(code=jurisdiction.lower(), name=jurisdiction, jurisdiction=jurisdiction)
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", subject="Claim", body="Waiting.",
        branch=branch, claimant=Claimant(name="王雅婷", phone="0912345417", email="ya@example.com"),
    )  # fmt: skip
    complaint = actions.ensure_complaint(assign(case, by=cast.lin, to=cast.lin, at=NOON))
    Complaint.objects.filter(pk=complaint.pk).update(line="complaint")
    return complaint


def term(complaint: Complaint, rule: str) -> Promise:
    return Promise.objects.about(complaint.case.ref).get(rule=rule)


def case_of(complaint: Complaint) -> Case:
    return Case.objects.with_people().get(pk=complaint.case_id)


@pytest.mark.parametrize(("place", "rule"), [("UK", "UK-02"), ("SG", "SG-03")])
def test_a_holding_letter_with_a_new_date_keeps_the_term_and_promises_the_answer(cast, place, rule):
    complaint = complaint_in(cast, place)
    owed = term(complaint, rule)
    sent = reply(
        case_of(complaint), by=cast.lin, body="Why we need more time.", keeps=(owed.pk,), given=NEW_DATE,
        at=NOON + 10 * DAY,
    )  # fmt: skip

    owed.refresh_from_db()
    assert (owed.state, owed.act, owed.act_fact) == ("kept", "holding_letter", sent.fact)
    anew = term(complaint, "given-reply")
    assert (anew.state, anew.due_at) == ("running", NEW_DATE.until)


def test_a_holding_letter_without_a_date_or_by_telephone_keeps_nothing(cast):
    complaint = complaint_in(cast, "UK")
    owed, case = term(complaint, "UK-02"), case_of(complaint)
    with pytest.raises(Refused, match="暫覆信"):
        reply(case, by=cast.lin, body="More time.", keeps=(owed.pk,), at=NOON + DAY)
    with pytest.raises(Refused):
        reply(case, by=cast.lin, body="More time.", keeps=(owed.pk,), given=NEW_DATE, channel="phone", at=NOON + DAY)

    owed.refresh_from_db()
    assert owed.state == "running"


def test_the_composer_offers_the_holding_letter_for_what_only_a_letter_ends(cast):
    complaint = complaint_in(cast, "UK")
    clocks = clocks_about(complaint.case.ref, at=NOON, audience=Audience.STAFF)
    offered = {each.value: each for each in proposed(case_of(complaint), clocks)}[str(term(complaint, "UK-02").pk)]

    assert (offered.note, offered.is_on, offered.is_written) == ("說明原因與新日期的暫覆信", False, True)


def test_in_taiwan_a_holding_letter_is_no_answer(cast):
    complaint = complaint_in(cast, "TW")
    owed = term(complaint, "TW-14")
    with pytest.raises(Refused, match="答覆函"):
        reply(case_of(complaint), by=cast.lin, body="需要時間。", keeps=(owed.pk,), given=NEW_DATE, at=NOON + DAY)


@pytest.mark.parametrize("channel", ["phone", "counter", ""])
def test_on_the_mainland_a_decision_is_answered_once_it_is_told_by_telephone_as_well(cast, channel):
    complaint = complaint_in(cast, "CN")
    owed = term(complaint, "CN-12")
    with pytest.raises(Refused, match="答覆函"):
        reply(case_of(complaint), by=cast.lin, body="已決定", keeps=(owed.pk,), channel=channel, at=NOON + DAY)

    actions.appoint(complaint, by=cast.lin, investigator=cast.chen, at=NOON + DAY)
    actions.sign_findings(complaint, by=cast.chen, text="無人接續。", at=NOON + DAY)
    verdict = actions.Verdict("upheld", "無人接續。", "先付無爭議部分。")
    actions.decide(complaint, by=cast.lin, verdict=verdict, at=NOON + 2 * DAY)
    told = reply(
        case_of(complaint), by=cast.lin, body="告知處理決定。", keeps=(owed.pk,), channel=channel, at=NOON + 3 * DAY
    )  # fmt: skip

    owed.refresh_from_db()
    assert (owed.state, owed.act, owed.ended_at, owed.act_fact) == (
        "kept", "decision_told", NOON + 3 * DAY, told.fact,
    )  # fmt: skip
