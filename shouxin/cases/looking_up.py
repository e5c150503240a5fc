"""Whom a request is about: by name, number, telephone or identity number, or by the policy they hand over."""

from dataclasses import dataclass, field

from shouxin.customers.looking_up import note_search
from shouxin.customers.models import Customer
from shouxin.customers.queries import find, survivor
from shouxin.people.models import Staff
from shouxin.policies.models import Policy
from shouxin.policies.queries import find as policies_like
from shouxin.policies.queries import held_by, holders_of

CUSTOMERS, POLICIES_OF_ONE, POLICIES = 8, 4, 4


@dataclass
class Whom:
    """A customer, and policies with what the customer is in each."""

    customer: Customer
    policies: list[tuple[Policy, list[str]]] = field(default_factory=list)


def whom(text: str, *, by: Staff) -> list[Whom]:
    """The first few. What begins a policy's number is looked for among policies alone, so it can find no telephone."""
    if policies := policies_like(by, text, limit=POLICIES):
        return _people_of(policies)
    note_search(text, by=by)
    return [
        Whom(customer, [(held.policy, held.roles) for held in held_by(customer, by, limit=POLICIES_OF_ONE)])
        for customer in find(by, text, limit=CUSTOMERS)
    ]


def _people_of(policies: list[Policy]) -> list[Whom]:
    found: dict[int, Whom] = {}
    for policy in policies:
        for role in holders_of(policy):
            customer = survivor(role.customer)
            one = found.setdefault(customer.pk, Whom(customer))
            if not one.policies or one.policies[-1][0] != policy:
                one.policies.append((policy, []))
            one.policies[-1][1].append(str(role.get_role_display()))
    return list(found.values())
