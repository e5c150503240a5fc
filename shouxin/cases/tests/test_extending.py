"""More time where the rule allows it, and the arrival of a posted letter: said on the case's page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, extend_promise, letter_posted
from shouxin.cases.lengthening import lengthenings
from shouxin.cases.models import Case, Letter
from shouxin.cases.views.page import rights_over
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.jurisdictions.packs import pack
from shouxin.people.models import Notice
from shouxin.promises.actions import make
from shouxin.promises.models import Promise
from shouxin.promises.queries import clocks_of
from shouxin.record.queries import timeline


@pytest.fixture
def case(cast, opened, client) -> Case:
    client.force_login(cast.lin)
    return assign(opened(at=now() - timedelta(hours=2)), by=cast.lin, to=cast.lin)


def promised(case: Case, jurisdiction: str, rule: str, *, at=None) -> Promise:
    return make(
        pack(jurisdiction).rule(rule), subject=case.ref, start_at=at or now() - timedelta(hours=2),
        calendar_key="TW:台北市", dims=case.dims(),
    )  # fmt: skip


def post(client, case: Case, **said):
    return client.post(reverse("cases:extension", args=[case.number]), said)


def test_data_access_may_be_extended_once_to_thirty_days(cast, case, client):
    """Taiwan's personal data law, art. 13: fifteen days, once fifteen more, with the reasons in writing."""
    promise = promised(case, "TW", "TW-30")
    before = promise.due_at
    page = client.get(f"{reverse('cases:page', args=[case.number])}?open=extension").content.decode()
    assert f'<option value="{promise.pk} reasons_in_writing">' in page

    assert rights_over(cast.lin, case, clocks_of([promise], now()))["extend"]
    answer = post(client, case, what=f"{promise.pk} reasons_in_writing", reason="資料散在三個系統")

    promise.refresh_from_db()
    assert (answer.status_code, promise.due_at - before) == (303, timedelta(days=15))
    told = next(each for each in timeline(case.ref, "customer") if each.kind == "PromiseExtended")
    assert told.content["reason"] == "資料散在三個系統"
    again = post(client, case, what=f"{promise.pk} reasons_in_writing", reason="還要更久")
    assert again.status_code == 422
    assert not rights_over(cast.lin, case, clocks_of([promise], now()))["extend"], "every step is used"


def test_the_second_step_asks_for_the_first_and_for_an_approver(cast, case, client):
    """Mainland, 消费投诉处理管理办法: 15 + 15 days, then once more approved by a superior body."""
    promise = promised(case, "CN", "CN-12")
    assert [each.step.code for each in lengthenings(case, now())] == ["CN-13"]
    extend_promise(case, by=cast.lin, promise=promise.pk, step="CN-13", reason="案情複雜")
    assert [each.step.code for each in lengthenings(case, now())] == ["CN-14"]

    refused = post(client, case, what=f"{promise.pk} CN-14", reason="還在查證")
    assert refused.status_code == 422
    assert "還在查證" in refused.content.decode()
    assert post(client, case, what=f"{promise.pk} CN-14", reason="還在查證", approver=cast.chou.pk).status_code == 303

    assert promise.extensions.get(step="CN-14").approver == f"staff:{cast.chou.pk}"
    assert [each.text for each in Notice.objects.filter(staff=cast.chou)] == [
        f"林佳穎 登錄您已核准案件 {case.number} 延長期限。"
    ]
    with pytest.raises(Refused):
        extend_promise(case, by=cast.lin, promise=promise.pk, step="CN-13", reason="再一次")


def test_what_its_rule_does_not_lengthen_or_what_is_late_is_not_offered(cast, case, client):
    promised(case, "TW", "TW-30", at=now() - timedelta(days=40))
    promised(case, "company", "CO-05")

    assert lengthenings(case, now()) == []


def test_a_promise_of_another_case_cannot_be_extended_here(cast, case, opened):
    other = promised(opened(), "TW", "TW-30")

    with pytest.raises(Promise.DoesNotExist):
        extend_promise(case, by=cast.lin, promise=other.pk, step="reasons_in_writing", reason="需要更久")


@pytest.fixture
def posted(cast, case) -> Letter:
    letter = Letter.objects.create(
        case=case, channel="letter", address="台北市", title="通知", message_id="<1@x>", queued_at=now()
    )
    return letter_posted(letter, by=cast.lin, at=now() - timedelta(days=3))


def arrived(client, case: Case, letter: Letter, day) -> int:
    url = reverse("cases:delivery", args=[case.number, letter.pk])
    return client.post(url, {"on": day.isoformat()}).status_code


def test_the_day_a_posted_letter_arrived_is_recorded_once(cast, case, client, posted):
    day = day_of(now() - timedelta(days=1))
    assert arrived(client, case, posted, day) == 303
    assert arrived(client, case, posted, day_of(now())) == 303

    posted.refresh_from_db()
    assert (posted.state, day_of(posted.delivered_at)) == ("delivered", day)
    assert [each.kind for each in timeline(case.ref, "staff")].count("LetterDelivered") == 1


@pytest.mark.parametrize("days", [-4, 1])
def test_a_letter_arrives_neither_before_it_was_posted_nor_tomorrow(cast, case, client, posted, days):
    assert arrived(client, case, posted, day_of(now() + timedelta(days=days))) == 422
    posted.refresh_from_db()
    assert posted.delivered_at is None
