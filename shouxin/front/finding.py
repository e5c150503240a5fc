"""Search of the whole house: cases, customers, policies. Each room finds its own; here they are asked together."""

import unicodedata
from dataclasses import dataclass, field

from django.urls import reverse

from shouxin.cases import queries as case_queries
from shouxin.cases.models import Case
from shouxin.cases.searching import search as search_cases
from shouxin.core.links import link_for
from shouxin.core.text import query_words
from shouxin.customers import queries as customer_queries
from shouxin.customers.models import Customer
from shouxin.customers.rules import SEE_CUSTOMERS
from shouxin.people.models import Staff
from shouxin.policies import queries as policy_queries
from shouxin.policies.models import Policy
from shouxin.policies.rules import SEE_POLICIES

LONGEST = 100


@dataclass(frozen=True)
class Found:
    """What was found, by kind; `is_askable` says whether there was anything to look for."""

    text: str
    is_askable: bool = True
    cases: list[Case] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.cases) + len(self.customers) + len(self.policies)


def found(viewer: Staff, text: str, *, cases: int, others: int) -> Found:
    """The first few of each kind that this person may see."""
    text = text.strip()[:LONGEST]
    if not query_words(text):
        return Found(text, is_askable=False)
    return Found(
        text,
        cases=search_cases(viewer, text, limit=cases),
        customers=customer_queries.find(viewer, text, limit=others) if viewer.has(SEE_CUSTOMERS) else [],
        policies=policy_queries.find(viewer, text, limit=others) if viewer.has(SEE_POLICIES) else [],
    )


def begun(viewer: Staff, text: str) -> Found:
    """While a long number is typed: only policies that begin so, whose numbers nobody hides."""
    return Found(text, policies=policy_queries.find(viewer, text, limit=3) if viewer.has(SEE_POLICIES) else [])


def exactly(viewer: Staff, text: str) -> str:
    """Where the one thing with this number is read; empty when it is no number, or not one this person may see."""
    number = unicodedata.normalize("NFKC", text).strip().upper()
    if not any(each.isdigit() for each in number) or len(number) > 20:
        return ""
    if case := case_queries.visible_to(viewer).filter(number=number).only("pk").first():
        return link_for(case.ref)
    if viewer.has(SEE_CUSTOMERS) and customer_queries.visible_to(viewer).filter(number=number).exists():
        return reverse("customers:page", args=[number])
    if viewer.has(SEE_POLICIES) and policy_queries.visible_to(viewer).filter(number=number).exists():
        return reverse("policies:page", args=[number])
    return ""
