"""Whether what a file says can be taken over, by what is known here already; few questions for many policies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shouxin.customers.mirroring import OWN, known_numbers
from shouxin.people.models import Agent, Branch
from shouxin.policies.importing.columns import COLUMNS, OF_POLICY
from shouxin.policies.importing.reading import PolicyTold, Row, Told
from shouxin.policies.models import Policy, PolicyRole, Product

NEEDED_ANEW = tuple(column.name for column in OF_POLICY if column.need == "new")


@dataclass
class Books:
    """What is known here of all that these policies name."""

    policies: dict[str, Policy]
    products: dict[str, Product]
    agents: dict[str, Agent]
    branches: dict[str, Branch]
    customers: set[str]
    told: Told

    @classmethod
    def opened(cls, chunk: Sequence[PolicyTold], told: Told) -> "Books":
        agents = {each.says["agent"] for each in chunk if each.says.get("agent")}
        policies = Policy.objects.filter(number__in=[each.number for each in chunk]).prefetch_related("roles")
        return cls(
            policies={each.number: each for each in policies},
            products={each.code: each for each in Product.objects.all()},
            agents={each.number: each for each in Agent.objects.filter(number__in=agents)},
            branches={key: each for each in Branch.objects.all() for key in (each.name, each.code)},
            customers=known_numbers({row.customer for each in chunk for row in each.rows}),
            told=told,
        )


def check(policy: PolicyTold, books: Books) -> None:
    """Say at the rows what is wrong; where one row is, the others say which."""
    policy.rows[0].reasons += _about_policy(policy, books)
    for row in policy.rows:
        row.reasons += _about_person(row, books)
    wrong = next((row for row in policy.rows if row.reasons), None)
    for row in policy.rows:
        if wrong and not row.reasons:
            row.reasons.append(_("Skipped with row %(row)s of the same policy.") % {"row": wrong.number})


def _about_policy(policy: PolicyTold, books: Books) -> list[str]:
    says, known, wrong = policy.says, books.policies.get(policy.number), []
    missing = [COLUMNS[name].title for name in NEEDED_ANEW if says.get(name) is None]
    if known is None and missing:
        wrong.append(_("A new policy needs: %(columns)s.") % {"columns": "、".join(map(str, missing))})
    product = books.told.products.get(says.get("product", ""), {})
    if "product" in says and says["product"] not in books.products and len(product) < 2:
        told = {"code": says["product"]}
        wrong.append(_("The product %(code)s is new here: its name and line of business are needed.") % told)
    for name, rows in (("agent", books.agents), ("branch", books.branches)):
        if says.get(name) and says[name] not in rows:
            wrong.append(_("%(column)s is not known here: “%(text)s”.") % _said(name, says[name]))
    issued = says.get("issued_on") or (known.issued_on if known else None)
    for name in ("delivered_on", "ends_on"):
        day = says[name] if name in says else getattr(known, name, None)
        if day and issued and day < issued:
            wrong.append(_("%(column)s is before the day of issue.") % {"column": COLUMNS[name].title})
    if not any(role == PolicyRole.Role.HOLDER for _customer, role in policy.roles):
        wrong.append(_("No row says who the policyholder is."))
    return wrong


def _about_person(row: Row, books: Books) -> list[str]:
    if not row.customer or row.customer in books.customers:
        return []
    if row.customer.upper().startswith(OWN):
        return [_("Numbers that begin with K- are given here, and this one is not known.")]
    return [] if books.told.people[row.customer].get("name") else [_("A new customer needs a name.")]


def _said(name: str, text: Any) -> dict[str, Any]:
    return {"column": COLUMNS[name].title, "text": text}
