"""A request comes in."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation

from shouxin.cases.actions import open_case
from shouxin.cases.models import Case, Service, Touch, WorkItem
from shouxin.cases.rules import Claimant
from shouxin.core.audience import Audience
from shouxin.core.kept import one_reading
from shouxin.core.rights import NotAllowed
from shouxin.core.submissions import KeyReused
from shouxin.promises.models import Promise
from shouxin.record.queries import timeline
from tests.cast import NOON


def test_a_request_from_the_web_becomes_a_case_with_its_first_touch(cast, opened):
    case = opened("A15")

    stored = Case.objects.get(number=case.number)
    assert (stored.state, stored.channel, stored.claimed_name) == ("new", "web", "王雅婷")
    assert (stored.jurisdiction, stored.stage, stored.opened_at) == ("TW", "after", NOON)
    assert stored.asker == "王○婷"
    touch = Touch.objects.get(case=case)
    assert (touch.direction, touch.by, touch.at) == ("inbound", None, NOON)


def test_the_words_of_the_customer_lie_in_the_record_alone(cast, opened):
    case = opened("A15", body="請把理賠金匯到我的新帳戶")

    received = next(e for e in timeline(case.ref, Audience.CUSTOMER) if e.kind == "TouchReceived")
    assert received.content == {"subject": "理賠金還沒有下來", "body": "請把理賠金匯到我的新帳戶"}
    assert Touch.objects.get(case=case).fact == received.id


def test_opening_says_where_it_came_in(cast, opened):
    case = opened("A14", by=cast.chang, channel="phone")

    fact = next(e for e in timeline(case.ref, Audience.STAFF) if e.kind == "CaseOpened")
    assert fact.actor == cast.chang.ref
    assert fact.dims["team"] == "calls-1"
    assert (fact.dims["service"], fact.dims["stage"], fact.dims["channel"]) == ("A14", "after", "phone")
    assert (fact.dims["jurisdiction"], fact.dims["branch"]) == ("TW", "taipei")


def test_the_same_request_sent_twice_is_one_case(cast, opened):
    key = uuid4()

    first, second = opened("A15", key=key), opened("A15", key=key)

    with pytest.raises(KeyReused):
        opened("A15", key=key, body="別人在同一部電腦上按了上一頁,寫的是另一件事")
    assert first.number == second.number
    assert Case.objects.count() == 1
    assert Touch.objects.count() == 1
    assert WorkItem.objects.count() == 1


def test_a_case_waits_in_the_queue_with_the_skill_of_its_service(cast, opened):
    case = opened("A10")

    item = WorkItem.objects.get(subject=str(case.ref))
    assert (item.skill, item.channel, item.officer_id) == ("claim", "web", None)


def test_service_planning_does_not_take_in_requests(cast, opened):
    with pytest.raises(NotAllowed):
        opened("A15", by=cast.hsu)

    assert Case.objects.count() == 0


def test_opening_takes_a_dozen_statements_and_the_two_of_its_transaction(cast, django_assert_max_num_queries):
    service = Service.objects.get(code="A15")
    with one_reading(), django_assert_max_num_queries(14) as statements:
        open_case(
            by=None, at=NOON, service=service, channel="web", subject="申訴", body="請查明", branch=cast.taipei,
            claimant=Claimant(name="王雅婷"),
        )  # fmt: skip

    assert len(statements) <= 14


def test_the_catalogue_can_be_loaded_again(db):
    from shouxin.cases.catalogue import load_catalogue

    assert load_catalogue() == 52
    assert Service.objects.count() == 52
    assert not Service.objects.filter(code="A29").exists()
    assert Service.objects.get(code="A15").name_hans == "投诉处理"


def test_papers_are_named_in_the_readers_language(db):
    service = Service.objects.get(code="I01")
    names = []
    for language in ("zh-hant", "zh-hans", "en"):
        with translation.override(language):
            names.append(service.asks_for()[0][1])
    assert names == ["要保書", "投保单", "Proposal form"]


def test_standing_counts_follow_every_way_a_case_moves(cast, opened):
    opened(), opened()
    with connection.cursor() as cursor:
        cursor.execute("SELECT team, state, sum(change) FROM cases_standing GROUP BY 1, 2 HAVING sum(change) <> 0")
        assert cursor.fetchall() == [(0, "new", 2)]


def test_what_is_tried_in_the_example_insurers_home_is_an_example_too(cast):
    cast.company.is_example = True
    cast.company.save()
    case = open_case(
        by=None, service=Service.objects.get(pk="A14"), channel="web", subject="請問", body="請問期滿的金額。",
        branch=cast.taipei, claimant=Claimant(name="王淑婷"),
    )  # fmt: skip
    assert case.source == "example"
    assert {entry.source for entry in timeline(case.ref, Audience.STAFF)} == {"example"}
    assert {promise.origin for promise in Promise.objects.about(case.ref)} == {"example"}
