"""Search is no way around the masks."""

import pytest
from django.urls import reverse

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.masking import mask_phone
from shouxin.customers.actions import Person, register
from shouxin.customers.looking_up import MOST_PER_HOUR, note_search
from shouxin.customers.models import Customer
from shouxin.record.queries import timeline
from tests.cast import NOON


@pytest.mark.parametrize(
    ("part", "found"),
    [("0912", 1), ("0912-34", 1), ("０９１２", 1), ("091234", 1), ("912", 0), ("5417", 0), ("3454", 0), ("0913", 0),
     ("02234", 0), ("0223", 1)],
)  # fmt: skip
def test_the_beginning_that_a_mask_shows_finds_the_customer_and_what_it_hides_does_not(cast, part, found):
    for phone in ("0912-345-417", "02 2345 67"):  # of eight digits a mask shows four
        register(Person(name="王雅婷", contacts=(("phone", phone),)), by=cast.lin, at=NOON)
    assert Customer.objects.matching(part).count() == found


@pytest.mark.parametrize("phone", ["0912345417", "0912-345-417", "02-2345-6789", "2345678", "+886912345417"])
def test_the_last_four_digits_are_never_shown(phone):
    digits = "".join(each for each in phone if each.isdigit())
    shown = "".join(each for each in mask_phone(phone) if each.isdigit())

    assert digits.startswith(shown) and len(shown) <= len(digits) - 4


def test_each_such_search_is_recorded_without_the_number_and_there_is_an_end(cast):
    for _each in range(MOST_PER_HOUR):
        note_search("0912345417", by=cast.lin, at=NOON)
    with pytest.raises(Refused):
        note_search("0912345418", by=cast.lin, at=NOON)
    note_search("0912345418", by=cast.chen, at=NOON)
    note_search("王雅婷", by=cast.lin, at=NOON)

    told = timeline(cast.lin.ref, Audience.COMPLIANCE, limit=100)
    assert [each.kind for each in told].count("SearchedByMaskedData") == MOST_PER_HOUR
    assert not any("0912" in str(each.data) + str(each.content) for each in told)


@pytest.mark.parametrize("name", ["customers:list", "cases:customers-found", "front:search"])
@pytest.mark.parametrize("text", ["0912345417", "A-0912345417"])
def test_every_box_that_finds_customers_counts_them(cast, client, name, text):
    client.force_login(cast.lin)

    client.get(reverse(name), {"q": text})

    assert [e.kind for e in timeline(cast.lin.ref, Audience.COMPLIANCE)].count("SearchedByMaskedData") == 1
