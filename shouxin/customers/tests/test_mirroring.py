"""Customers of the core system: known by number, brought up to date, never against what was settled here."""

from datetime import date, timedelta

import pytest

from shouxin.core.audience import Audience
from shouxin.customers.actions import end_contact
from shouxin.customers.mirroring import Mirrored, Told, mirror
from shouxin.customers.models import Customer
from shouxin.customers.ties import merge
from shouxin.record.erasing import erase
from shouxin.record.queries import timeline
from tests.cast import NOON

pytestmark = pytest.mark.django_db
WANG = {"name": "王雅婷", "id_number": "A223456781", "phone": "0912-345-417", "email": "ya.ting@example.com"}


def told(number: str = "C001", **says) -> Mirrored:
    return mirror([Told(number, says or WANG)], by=None, at=NOON)


def wang() -> Customer:
    return Customer.objects.get(number="C001")


def kinds() -> list[str]:
    return [entry.kind for entry in timeline(wang().ref, Audience.STAFF)]


def contacts() -> list[tuple[str, str, bool]]:
    points = wang().contact_points.filter(is_valid=True).order_by("pk")
    return [(each.kind, each.value, each.is_preferred) for each in points]


def test_a_number_not_known_becomes_a_customer_that_can_be_found(cast):
    assert told().new == {"C001"}

    assert [each.number for each in Customer.objects.matching("0912345417")] == ["C001"]
    assert contacts() == [("phone", "0912-345-417", True), ("email", "ya.ting@example.com", True)]
    assert kinds() == ["CustomerRegistered"]
    assert timeline(wang().ref, Audience.STAFF)[0].source == "import"


def test_the_same_again_changes_nothing_and_tells_nothing(cast):
    told()
    again = told(**WANG | {"phone": "+886 912 345 417"})

    assert (again.new, again.changed) == (set(), {})
    assert kinds() == ["CustomerRegistered"]


def test_what_differs_is_changed_and_the_new_telephone_preferred(cast):
    told()
    done = told(name="王雅亭", phone="0987-000-111")

    assert done.changed == {"C001": ["name", "phone"]}
    assert (wang().name, wang().id_number) == ("王雅亭", "A223456781")
    assert contacts()[0] == ("phone", "0912-345-417", False)
    assert contacts()[-1] == ("phone", "0987-000-111", True)
    assert [each.number for each in Customer.objects.matching("王雅亭")] == ["C001"]
    assert sorted(kinds()) == ["ContactChanged", "CustomerChanged", "CustomerRegistered"]


def test_a_telephone_that_staff_have_ended_is_not_opened_again(cast):
    told()
    end_contact(wang().contact_points.get(kind="phone"), by=cast.lin, at=NOON + timedelta(hours=1))

    assert told().changed == {}
    assert [kind for kind, _value, _preferred in contacts()] == ["email"]


def test_whoever_was_erased_stays_erased(cast):
    told()
    erase(wang().ref, by=None, reason="當事人請求", at=NOON)

    assert told().erased == {"C001"}
    assert (wang().name, wang().id_number, contacts()) == ("–", "", [])
    assert list(Customer.objects.matching("王雅婷")) == []


def test_a_detail_can_be_taken_away_and_one_never_known_is_left_out(cast):
    told(**WANG | {"birth_on": date(1980, 5, 17), "gender": None})
    told(id_number=None, birth_on=None)

    assert (wang().id_number, wang().birth_on, wang().gender) == ("", None, "")
    assert list(Customer.objects.matching("A223456781")) == []


def test_who_is_one_with_another_is_found_by_what_the_core_system_says_of_either(cast):
    told()
    told("C002", name="王雅婷", phone="0222334455")
    second = Customer.objects.get(number="C002")
    merge(second, into=wang(), by=cast.chou, reason="同一人", at=NOON)

    told("C002", name="王雅婷", phone="0233445566")
    told("C001", name="王雅亭")

    assert [each.number for each in Customer.objects.standing().matching("0233445566")] == ["C001"]
    assert [each.number for each in Customer.objects.standing().matching("王雅亭")] == ["C001"]
