"""Behind the secret link: what a stranger may see, and what the customer reads while a decision is owed."""

from datetime import timedelta

import pytest

from shouxin.cases.actions import assign, link_customer, open_case, reply
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.complaints import actions as complaining
from shouxin.core.audience import Audience
from shouxin.customers.actions import Person, register
from shouxin.portal import actions, reading
from shouxin.portal.rules import secret_of
from shouxin.record.erasing import erase
from shouxin.record.queries import timeline
from tests.cast import NOON, Cast


@pytest.fixture
def case(cast: Cast) -> Case:
    return open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", 
        subject="理賠遲延", body="等了三週沒有下文。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912-345-417"),
    )  # fmt: skip


@pytest.fixture
def address(case: Case) -> str:
    return f"/follow/{case.number}/{secret_of(case)}/"


def test_a_stranger_with_the_link_sees_the_clock_and_no_word_of_what_was_said(client, address):
    page = client.get(address).content.decode()

    assert "等了三週" not in page and "王雅婷" not in page
    assert "書面答覆您的申訴" in page


def test_the_last_four_digits_of_the_telephone_open_what_was_said(client, address):
    wrong = client.post(f"{address}unlocking/", {"answer": "0000"})
    right = client.post(f"{address}unlocking/", {"answer": "5417"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "等了三週" in client.get(address).content.decode()


def test_after_eight_wrong_answers_the_link_is_locked_until_it_is_renewed(case, cast):
    for _guess in range(8):
        actions.unlock(case, answer="0000", at=NOON)

    with pytest.raises(actions.Locked):
        actions.unlock(case, answer="5417", at=NOON)
    assert "FollowLinkGuessed" in {entry.kind for entry in timeline(case.ref, Audience.STAFF)}
    actions.renew_link(assign(case, by=cast.chou, to=cast.lin, at=NOON), by=cast.lin, reason="客戶來電", at=NOON)
    assert actions.unlock(case, answer="5417", at=NOON)


def test_an_interim_reply_to_a_complaint_is_not_told_as_the_answer(case, cast):
    served = assign(case, by=cast.chou, to=cast.lin, at=NOON)
    reply(served, by=cast.lin, body="我們正在查。", at=NOON + timedelta(hours=1))

    seen = reading.seen_by_customer(Case.objects.get(pk=case.pk), NOON + timedelta(hours=2), with_words=False)

    assert [step.title for step in seen.steps if step.state != "done"] == [
        "現在：林佳穎正在查證您的申訴",
        "接下來：寄出書面決定與理由",
    ]


def test_the_investigation_is_ticked_when_its_findings_are_signed_not_when_somebody_is_named(case, cast):
    def ticked() -> bool:
        found = Case.objects.with_people().get(pk=case.pk)
        steps = reading.seen_by_customer(found, NOON + timedelta(days=1), with_words=False).steps
        return "已由獨立的人員查證完成" in [step.title for step in steps]

    complaint = complaining.ensure_complaint(assign(case, by=cast.chou, to=cast.lin, at=NOON))
    complaining.appoint(complaint, by=cast.lin, investigator=cast.chen, at=NOON)
    assert ticked() is False
    complaining.sign_findings(complaint, by=cast.chen, text="送審後無人接續。", at=NOON)
    assert ticked() is True


def test_the_link_of_an_erased_person_ends_also_one_that_was_renewed(client, cast, case, address):
    customer = register(Person(name="王雅婷"), by=cast.lin, at=NOON)
    link_customer(case, by=cast.lin, customer=customer, reason="出示身分證", at=NOON)
    assert client.get(address).status_code == 200

    for _time in range(2):
        erase(customer.ref, by=None, reason="當事人請求", at=NOON)
        assert client.get(address).status_code == 404

    case.refresh_from_db()
    assert [row.reason for row in case.link_renewals.order_by("generation")] == ["", ""]
