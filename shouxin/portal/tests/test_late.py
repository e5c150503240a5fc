"""Late, as the customer reads it: an apology, how late, who has it, what comes next, and the way out they have now."""

from datetime import datetime, timedelta

import pytest

from shouxin.cases.actions import assign, close, open_case, request_papers
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.portal.jobs import link_of
from shouxin.portal.reading import seen_by_customer
from shouxin.promises.actions import make
from shouxin.promises.firing import break_due
from shouxin.promises.given import Given
from tests.cast import NOON, TAIPEI

LATE = datetime(2026, 12, 28, 10, tzinfo=TAIPEI)  # the thirty days ended on 24 December


@pytest.fixture
def case(cast) -> Case:
    case = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    return assign(case, by=cast.chou, to=cast.lin, at=NOON)


def page_of(client, case: Case) -> str:
    return client.get("/" + link_of(case).split("/", 3)[3]).content.decode()


def test_before_the_day_the_promise_stands_in_the_customers_words(case):
    seen = seen_by_customer(case, NOON, with_words=False)

    assert (seen.main.title, seen.late) == ("最晚 12 月 24 日(四) 書面答覆您的申訴", None)
    assert "最晚 11 月 25 日(三) 確認收到您的申訴" in [clock.title for clock in seen.clocks]


def test_after_it_we_apologise_and_name_the_way_out_that_is_open_now(case):
    break_due(LATE)
    until = LATE + timedelta(hours=3)
    make(Given("callback", until), subject=case.ref, start_at=LATE, calendar_key="TW:台北市", dims=case.dims())
    late = seen_by_customer(case, LATE, with_words=False).late

    assert late.title == "我們晚了 4 日，對不起。"
    assert late.next.title == "最晚 12 月 28 日(一)\u200913:00 回電給您"
    assert late.way == (
        "因為我們沒有在期限內答覆您，您現在就可以向財團法人金融消費評議中心提出申請，最晚到 2027 年 2 月 22 日(一)。"
    )
    assert late.address == "https://www.foi.org.tw/"


def test_the_page_says_it_with_the_number_in_the_ring_and_our_telephone(cast, client):
    opened = now() - timedelta(days=40)
    case = open_case(
        by=None, at=opened, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin, at=opened)
    break_due(now())
    page = page_of(client, case)

    assert page.count("對不起。</h1>") == 1 and "林佳穎 負責辦理" in page and 'href="tel:0800-000-417"' in page
    assert '<svg class="dial" data-state="broken"' in page
    assert "您現在就可以向財團法人金融消費評議中心提出申請" in page


def test_a_closed_case_is_late_for_nobody_and_asks_for_no_papers(cast):
    opened = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A04"), channel="web", subject="變更", body="請變更。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417"),
    )  # fmt: skip
    case = assign(opened, by=cast.chang, to=cast.chang, at=NOON)
    request_papers(case, by=cast.chang, papers=["form", "id"], body="請補", at=NOON)
    waiting = seen_by_customer(Case.objects.get(pk=case.pk), NOON, with_words=True)
    close(case, by=cast.chang, reason="withdrawn", at=NOON + timedelta(hours=1))
    closed = seen_by_customer(Case.objects.get(pk=case.pk), LATE, with_words=True)

    assert ([len(waiting.missing), len(closed.missing)], closed.late) == ([2, 0], None)
