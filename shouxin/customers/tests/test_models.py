import pytest
from django.db import IntegrityError, transaction

from shouxin.core.sorting import sort_key
from shouxin.customers.actions import Person, register
from shouxin.customers.bulk import CustomerRow, copy_customers
from shouxin.customers.models import Customer
from shouxin.customers.queries import visible_to
from shouxin.record.models import FactRow
from tests.cast import NOON

YATING = Person(
    name="王雅婷", id_number="a223456781", contacts=(("phone", "0912-345-417"), ("email", "yt@example.com"))
)


@pytest.mark.parametrize(
    "text", ["王雅", "雅婷", "0912345417", "0912-345-417", "A223456781", "K-000001", "yt@example.com"]
)
def test_a_customer_is_found_by_name_number_telephone_identity_and_mail(cast, text):
    customer = register(YATING, by=cast.lin, at=NOON)
    text = customer.number if text == "K-000001" else text

    assert list(visible_to(cast.chen).matching(text)) == [customer]


def test_a_simplified_query_finds_a_traditional_name(cast):
    customer = register(Person(name="陳麗華"), by=cast.lin, at=NOON)

    assert list(visible_to(cast.lin).matching("陈丽华")) == [customer]


def test_registering_records_one_fact_without_anything_personal_in_it(cast):
    customer = register(YATING, by=cast.lin, at=NOON)

    fact = FactRow.objects.get(kind="CustomerRegistered")
    assert (fact.subject, fact.actor, fact.team) == (str(customer.ref), str(cast.lin.ref), "complaints-1")
    assert fact.data == {"customer_kind": "person"}


def test_names_stand_in_the_order_of_strokes():
    assert sorted(["陳柏宏", "丁一", "王雅婷", "林佳穎", "Amy"], key=sort_key) == [
        "Amy",
        "丁一",
        "王雅婷",
        "林佳穎",
        "陳柏宏",
    ]


def test_a_customer_cannot_be_merged_into_itself(cast):
    customer = register(YATING, by=cast.lin, at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(merged_into=customer)


def test_copied_customers_are_found_like_registered_ones(cast):
    rows = [
        CustomerRow(number="K-900001", name="王雅婷", registered_at=NOON, contacts=(("phone", "+886 912-345-417"),)),
        CustomerRow(number="K-900002", name="晴川股份有限公司", registered_at=NOON, kind="organisation"),
    ]

    keys = copy_customers(rows)

    assert [c.pk for c in visible_to(cast.lin).matching("0912345417")] == [keys[0]]
    assert [c.pk for c in visible_to(cast.lin).matching("晴川")] == [keys[1]]
    assert visible_to(cast.lin).get(pk=keys[0]).preferred("phone").masked == "8869-12***-***"
