"""The terms of law follow the line of business of the policy a case is about."""

from datetime import date, timedelta

import pytest

from shouxin.cases.actions import assign, link_policy
from shouxin.cases.models import Case
from shouxin.policies.models import Policy, Product
from shouxin.promises.models import Promise
from tests.cast import NOON

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def policies(db) -> dict[str, Policy]:
    """A policy of each line the company sells."""
    made = {}
    for line in ("life", "property"):
        product = Product.objects.create(code=f"L-{line}", name=line, line=line)
        made[line] = Policy.objects.create(
            number=f"P-{line}", number_key=f"p{line}", product=product, issued_on=date(2026, 1, 2), premium=1,
            currency="SGD",
        )  # fmt: skip
    return made


@pytest.fixture
def complaint(cast, opened, policies) -> Case:
    """A complaint in Singapore, about which policy nobody knows yet."""
    cast.taipei.jurisdiction, cast.taipei.place = "SG", ""
    cast.taipei.save()
    return assign(opened("A15"), by=cast.lin, to=cast.lin, at=NOON)


def terms(case: Case, state: str = "running") -> list[str]:
    found = Promise.objects.about(case.ref).filter(state=state, jurisdiction="SG")
    return sorted(found.values_list("rule", flat=True))


def test_of_an_unknown_policy_the_terms_of_all_lines_begin(complaint):
    assert terms(complaint) == ["SG-01", "SG-02", "SG-03", "SG-06", "SG-06b"]


def test_once_the_policy_is_known_the_terms_of_other_lines_are_not_owed(cast, complaint, policies):
    link_policy(complaint, by=cast.lin, policy=policies["life"], at=LATER)

    assert terms(complaint) == ["SG-01", "SG-02", "SG-03"]
    assert terms(complaint, "withdrawn") == ["SG-06", "SG-06b"]


def test_a_corrected_policy_begins_its_own_terms_from_the_opening(cast, opened, policies):
    cast.taipei.jurisdiction = "SG"
    cast.taipei.save()
    case = assign(opened("A15", policy=policies["property"]), by=cast.lin, to=cast.lin, at=NOON)
    assert terms(case) == ["SG-06", "SG-06b"]

    link_policy(case, by=cast.lin, policy=policies["life"], at=LATER)

    assert terms(case) == ["SG-01", "SG-02", "SG-03"]
    assert set(Promise.objects.about(case.ref).values_list("start_at", flat=True)) == {NOON}
