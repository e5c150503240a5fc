"""Search is no way around the masks."""

import pytest
from django.urls import reverse

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.masking import mask_phone
from shouxin.customers.looking_up import MOST_PER_HOUR, is_by_masked_data, note_search
from shouxin.record.queries import timeline
from tests.cast import NOON


@pytest.mark.parametrize(
    "text", ["0912345417", "0912-345-417", "+886 912 345 417", "A123456789", "王 0912345417", "A123456"]
)
def test_telephone_and_identity_numbers_are_masked_data(text):
    assert is_by_masked_data(text) is True


@pytest.mark.parametrize("text", ["王雅婷", "K-000017", "C26-004517", "QL-10000007", "2026", "ya.ting", ""])
def test_names_and_the_houses_own_numbers_are_not(text):
    assert is_by_masked_data(text) is False


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
def test_every_box_that_finds_customers_counts_them(cast, client, name):
    client.force_login(cast.lin)

    client.get(reverse(name), {"q": "0912345417"})

    assert [e.kind for e in timeline(cast.lin.ref, Audience.COMPLIANCE)].count("SearchedByMaskedData") == 1
