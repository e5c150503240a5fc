"""Nothing that finds a masked telephone or identity number passes for a number of the house."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.customers.looking_up import is_by_masked_data
from shouxin.policies.tests.test_models import load


@pytest.fixture
def numbered(cast, opened):
    """A customer K-900001, a policy QL-12345670 and a case C26-000001."""
    load(cast, 1)
    return opened().number


@pytest.mark.parametrize(
    "text",
    ["0912345417", "0912-345-417", "+886 912 345 417", "A123456789", "王 0912345417", "A123456", "Ａ１２３４５６",
     "A-0914892435", "AB-09148-92435", "K-0914892435", "C26-0914892435", "K-23456789", "QL-12345671", "1#0914892435"],
)  # fmt: skip
def test_what_would_find_a_telephone_or_identity_number_is_masked_data(numbered, text):
    assert is_by_masked_data(text) is True


@pytest.mark.parametrize(
    "text", ["王雅婷", "K-900001", "C26-000001", "ql-12345670", "QL-12345670 ", "2026", "0912", ""]
)
def test_names_and_numbers_that_the_house_gave_are_not(numbered, text):
    assert is_by_masked_data(text) is False


@given(
    letters=st.text("ABCKQ", max_size=3),
    year=st.text("0123456789", max_size=4),
    number=st.text("0123456789", min_size=7, max_size=10),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_dress_of_a_number_that_is_not_ours_makes_it_one_of_the_house(numbered, letters, year, number):
    assert is_by_masked_data(f"{letters}{year}-{number}") is True
