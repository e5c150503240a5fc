"""The part of the business a policy belongs to, as rules of law ask for it."""

from datetime import date

import pytest

from shouxin.policies.lines import company_scopes, scopes_of
from shouxin.policies.models import Policy, Product

pytestmark = pytest.mark.django_db


def policy(line: str, ends_on: date | None = None, sold_through: str = "") -> Policy:
    product, _made = Product.objects.get_or_create(code=line, defaults={"name": line, "line": line})
    return Policy(product=product, issued_on=date(2026, 3, 1), ends_on=ends_on, sold_through=sold_through)


@pytest.mark.parametrize(
    ("line", "ends_on", "channel", "codes"),
    [
        ("life", None, "", {"life", "individual", "over_one_year"}),
        ("health", date(2027, 3, 2), "bank", {"life", "individual", "health", "over_one_year", "bank_channel"}),
        ("accident", date(2027, 3, 1), "remote", {"life", "individual", "accident", "up_to_one_year", "remote"}),
        ("group", date(2027, 2, 28), "agent", {"life", "up_to_one_year"}),
        ("motor", date(2027, 3, 1), "", {"property_casualty", "motor", "up_to_one_year"}),
    ],
)
def test_a_policy_says_its_line_term_and_channel(line, ends_on, channel, codes):
    assert scopes_of(policy(line, ends_on, channel)) == codes


def test_of_an_unknown_policy_the_company_is_asked_what_it_sells():
    assert company_scopes() == scopes_of(None) == {"life", "individual"}
    policy("motor")
    assert scopes_of(None) == {"property_casualty", "motor"}
    policy("health")
    assert scopes_of(None) == {"property_casualty", "motor", "life", "individual", "health"}
