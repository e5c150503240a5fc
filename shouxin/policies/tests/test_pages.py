from datetime import date

import pytest

from shouxin.customers.models import Customer
from shouxin.policies.models import Policy
from shouxin.policies.queries import held_by, unserved
from shouxin.policies.tests.test_models import load

BACKEND = "shouxin.people.backends.StaffBackend"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_however_many_are_found(
    cast, client, count, django_assert_num_queries
):
    load(cast, count)
    client.force_login(cast.lin, backend=BACKEND)

    with django_assert_num_queries(6):
        page = client.get("/policies/", {"q": "ql1234"}).content.decode()

    assert page.count("/policies/QL-") == count


def test_the_page_says_who_is_what_and_that_the_agent_has_left(cast, client):
    policy = load(cast, 1)[0]
    client.force_login(cast.lin, backend=BACKEND)

    page = client.get(f"/policies/{policy.number}/").content.decode()

    for words in ("晴川終身壽險", "王雅婷", "要保人", "被保險人", "何政達", "沒有人服務"):
        assert words in page


def test_the_customers_page_shows_each_policy_once_with_all_roles(cast, client):
    policy = load(cast, 1)[0]
    customer = Customer.objects.get()
    client.force_login(cast.lin, backend=BACKEND)

    page = client.get(f"/customers/{customer.number}/").content.decode()

    assert page.count(f"/policies/{policy.number}/") == 1
    assert [held.roles for held in held_by(customer, cast.lin)] == [["要保人", "被保險人"]]


def test_an_orphan_policy_is_one_served_by_somebody_who_has_left(cast):
    load(cast, 1)

    assert list(unserved(date(2026, 6, 29))) == []
    assert list(unserved(date(2026, 6, 30))) == list(Policy.objects.all())
