"""For which part of the business a rule of law asks (`Rule.scope`), said of a policy by its line, term and channel."""

from datetime import date

from shouxin.core.kept import kept
from shouxin.policies.models import Policy, Product

Line, Channel = Product.Line, Policy.Channel
OF_LINE: dict[str, frozenset[str]] = {
    Line.LIFE: frozenset({"life", "individual"}),
    Line.HEALTH: frozenset({"life", "individual", "health"}),
    Line.ACCIDENT: frozenset({"life", "individual", "accident"}),
    Line.ANNUITY: frozenset({"life", "individual"}),
    Line.LINKED: frozenset({"life", "individual", "linked"}),
    Line.GROUP: frozenset({"life"}),
    Line.PROPERTY: frozenset({"property_casualty"}),
    Line.MOTOR: frozenset({"property_casualty", "motor"}),
}
OF_CHANNEL = {Channel.BANK: "bank_channel", Channel.REMOTE: "remote"}
# A house without any product yet is taken to be a life insurer.
USUAL = OF_LINE[Line.LIFE]


def scopes_of(policy: Policy | None) -> frozenset[str]:
    """The codes of a policy; of an unknown one those of all lines that the company sells, and no term or channel."""
    if policy is None:
        return company_scopes()
    found = OF_LINE.get(_lines().get(policy.product_id, ""), USUAL) | {_term_of(policy)}
    return found | ({OF_CHANNEL[policy.sold_through]} if policy.sold_through in OF_CHANNEL else set())


def company_scopes() -> frozenset[str]:
    """What the company sells."""
    return frozenset().union(*(OF_LINE.get(line, USUAL) for line in _lines().values())) or USUAL


@kept("policies_product")
def _lines() -> dict[int, str]:
    return dict(Product.objects.values_list("pk", "line"))


def _term_of(policy: Policy) -> str:
    """A policy without an end runs for life."""
    end = policy.ends_on
    if end is None:
        return "over_one_year"
    try:
        anniversary = policy.issued_on.replace(year=policy.issued_on.year + 1)
    except ValueError:  # 29 February
        anniversary = date(policy.issued_on.year + 1, 3, 1)
    return "over_one_year" if end > anniversary else "up_to_one_year"
