"""Secret link, mask and unlocking never meet on one colleague's screen, and nobody here writes as the customer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, open_case
from shouxin.cases.models import Case, Service, Touch
from shouxin.cases.rules import Claimant
from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.rights import NotAllowed
from shouxin.portal import actions, queries
from shouxin.portal.jobs import link_of
from shouxin.record.queries import timeline
from tests.cast import NOON


@pytest.fixture
def case(cast) -> Case:
    opened = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912-345-417", email="ya.ting@example.com"),
    )  # fmt: skip
    return assign(opened, by=cast.chou, to=cast.lin, at=NOON + timedelta(minutes=5))


def path_of(case: Case) -> str:
    return "/" + link_of(case).split("/", 3)[3]


def facts(case: Case) -> list[str]:
    return [entry.kind for entry in timeline(case.ref, Audience.STAFF)]


@pytest.mark.parametrize("who", ["lin", "chou", "wu", "tsai"])
def test_no_colleague_reads_the_link_and_only_the_officer_the_digits_that_open_it(case, cast, client, who):
    client.force_login(getattr(cast, who))

    page = client.get(reverse("cases:page", args=[case.number])).content.decode()

    assert path_of(case) not in page
    assert ("417" in page.replace(case.number, "")) == (who == "lin")
    assert (reverse("portal:link-sending", args=[case.number]) in page) == (who in ("lin", "chou"))


def test_staff_neither_unlock_nor_write_nor_read_on_the_customers_page(case, cast, client):
    client.post(f"{path_of(case)}unlocking/", {"answer": "5417"})  # the browser was a customer's before
    client.force_login(cast.wu)

    tried = client.post(f"{path_of(case)}unlocking/", {"answer": "5417"})
    written = client.post(f"{path_of(case)}messages/", {"body": "本人撤回申訴。"})

    assert (tried.status_code, written.status_code) == (409, 409)
    assert "等了三週" not in client.get(path_of(case)).content.decode()
    assert Touch.objects.filter(case=case).count() == 1
    assert facts(case).count("StaffAtCustomersPage") == 2


def test_the_officer_sends_the_link_to_the_customer_and_others_do_not(case, cast, client):
    actions.send_link_again(case, by=cast.lin, at=NOON + timedelta(hours=1))

    assert facts(case).count("FollowLinkSent") == 1
    with pytest.raises(NotAllowed):
        actions.send_link_again(case, by=cast.wu)
    for _again in range(2):
        actions.send_link_again(case, by=cast.lin)
    with pytest.raises(Refused):  # it is no way to flood somebody's mailbox
        actions.send_link_again(case, by=cast.lin)


def test_without_an_address_the_officer_is_told(case, cast):
    Case.objects.filter(pk=case.pk).update(claimed_email="")
    assert queries.known_addresses(Case.objects.get(pk=case.pk)) == set()

    with pytest.raises(Refused, match="信箱"):
        actions.send_link_again(case, by=cast.lin)
