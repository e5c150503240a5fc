"""Finding policies; those of a customer; those that nobody serves any more."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from shouxin.customers.models import Customer
from shouxin.customers.queries import known_as
from shouxin.people.models import Staff
from shouxin.policies.models import Policy, PolicyQuerySet, PolicyRole


@dataclass(frozen=True)
class Held:
    """A policy of a customer, and what the customer is in it."""

    policy: Policy
    roles: list[str]


def visible_to(staff: Staff) -> PolicyQuerySet:
    return Policy.objects.visible_to(staff)


def find(staff: Staff, text: str, *, limit: int = 8) -> list[Policy]:
    """For the search of the whole house: the first few whose number begins so."""
    return list(visible_to(staff).numbered_like(text).select_related("product").order_by("number")[:limit])


def held_by(customer: Customer, staff: Staff, *, limit: int = 50) -> list[Held]:
    """The customer's policies under any of its numbers, the newest first, each once with all roles."""
    roles = PolicyRole.objects.filter(customer__in=known_as(customer), policy__in=visible_to(staff))
    rows = roles.select_related("policy__product").order_by("-policy__issued_on", "policy_id", "pk")[: limit * 4]
    held: dict[int, Held] = {}
    for row in rows:
        found = held.setdefault(row.policy_id, Held(row.policy, []))
        if (label := str(row.get_role_display())) not in found.roles:
            found.roles.append(label)
    return list(held.values())[:limit]


def roles_of(customer: Customer, policy: Policy) -> list[str]:
    """What the customer, under any of its numbers, is in this policy; nothing for a stranger."""
    roles = PolicyRole.objects.filter(policy=policy, customer__in=known_as(customer)).order_by("pk")
    return list(dict.fromkeys(str(role.get_role_display()) for role in roles))


def holders_of(policy: Policy) -> list[PolicyRole]:
    """Everyone in the policy, holder first."""
    order = {role: place for place, role in enumerate(PolicyRole.Role.values)}
    roles = policy.roles.select_related("customer__merged_into").order_by("pk")
    return sorted(roles, key=lambda role: order[role.role])


def unserved(day: date) -> QuerySet[Policy]:
    """保單孤兒: in force, and the agent who served it has left."""
    return Policy.objects.filter(state__in=[Policy.State.IN_FORCE, Policy.State.GRACE], agent__left_on__lte=day)
