from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from shouxin.customers.bulk import CustomerRow, copy_customers
from shouxin.policies.bulk import PolicyRow, copy_policies
from shouxin.policies.models import Policy, Product
from tests.cast import NOON


def load(cast, count: int = 2) -> list[Policy]:
    product = Product.objects.create(code="QL-LIFE", name="晴川終身壽險", line="life")
    (customer,) = copy_customers([CustomerRow(number="K-900001", name="王雅婷", registered_at=NOON)])
    keys = copy_policies(
        PolicyRow(
            number=f"QL-1234567{n}", product_id=product.pk, issued_on=date(2024, 1, 5), delivered_on=date(2024, 1, 12),
            premium=Decimal("36000"), currency="TWD", agent_id=cast.ho.pk,
            roles=((customer, "holder"), (customer, "insured")),
        )
        for n in range(count)
    )  # fmt: skip
    return list(Policy.objects.filter(pk__in=keys).order_by("pk"))


@pytest.mark.parametrize("text", ["QL-12345670", "ql12345670", "QL 1234567 0"])
def test_a_policy_is_found_by_its_number_however_it_is_written(cast, text):
    policies = load(cast)

    assert list(Policy.objects.visible_to(cast.lin).numbered_like(text)) == [policies[0]]


def test_a_copied_policy_knows_its_people_and_its_agent(cast):
    policy = load(cast, 1)[0]

    assert sorted((r.customer.name, r.role) for r in policy.roles.all()) == [
        ("王雅婷", "holder"),
        ("王雅婷", "insured"),
    ]
    assert policy.agent == cast.ho


def test_a_policy_cannot_be_delivered_before_it_is_issued(cast):
    policy = load(cast, 1)[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(delivered_on=date(2024, 1, 4))
