"""Whether what a file says can be taken over, by what is known here already; few questions for many policies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shouxin.customers.mirroring import OWN, known_numbers
from shouxin.people.models import Agent, Branch
from shouxin.policies.importing.columns import COLUMNS, OF_POLICY
from shouxin.policies.importing.reading import PolicyRow, PolicyTold, Told
from shouxin.policies.models import Policy, PolicyRole, Product
from shouxin.tables.parsing.cells import folded

NEEDED_ANEW = tuple(column.name for column in OF_POLICY if column.need == "new")
MOST_ZEROS = 6


@dataclass
class Books:
    """What is known here of all that these policies name."""

    policies: dict[str, Policy]  # by their key
    products: dict[str, Product]
    agents: dict[str, Agent]
    branches: dict[str, Branch]
    customers: dict[str, str]  # as written here, by their number in small letters
    told: Told
    twins: set[str] = field(default_factory=set)  # keys that several policies have
    zeros: dict[str, str] = field(default_factory=dict)  # a number without the zeros before it → the one we know

    @classmethod
    def opened(cls, chunk: Sequence[PolicyTold], told: Told) -> "Books":
        agents = {each.says["agent"] for each in chunk if each.says.get("agent")}
        written = {told.written[row.customer] for each in chunk for row in each.rows if row.customer}
        customers = known_numbers({form for number in written for form in (number, number.upper(), number.lower())})
        books = cls(
            policies={}, products={each.code: each for each in Product.objects.all()},
            agents={each.number: each for each in Agent.objects.filter(number__in=agents)},
            branches={folded(key): each for each in Branch.objects.all() for key in (each.name, each.code)},
            customers={number.casefold(): number for number in sorted(customers)}, told=told,
        )  # fmt: skip
        books._find_policies(chunk)
        books._find_zeros(chunk)
        return books

    def _find_policies(self, chunk: Sequence[PolicyTold]) -> None:
        written = {each.key: each.number for each in chunk}
        for policy in Policy.objects.filter(number_key__in=list(written)).prefetch_related("roles").order_by("pk"):
            known = self.policies.get(policy.number_key)
            if known is None or policy.number == written[policy.number_key]:
                self.policies[policy.number_key] = policy
            if known is not None:
                self.twins.add(policy.number_key)

    def _find_zeros(self, chunk: Sequence[PolicyTold]) -> None:
        """Numbers of digits that are unknown, while the same with zeros before it is known."""
        policies = _with_zeros(each.key for each in chunk if each.key not in self.policies)
        for key, number in Policy.objects.filter(number_key__in=list(policies)).values_list("number_key", "number"):
            self.zeros[policies[key]] = number
        customers = _with_zeros(row.customer for each in chunk for row in each.rows)
        for number in known_numbers(customers) if customers else ():
            if customers[number] not in self.customers:
                self.zeros[customers[number]] = number

    def number_of(self, customer: str) -> str:
        return self.customers.get(customer) or self.told.written[customer]


def _with_zeros(keys: Iterable[str]) -> dict[str, str]:
    plain = {key for key in keys if key.isdecimal() and not key.startswith("0")}
    return {"0" * zeros + key: key for key in plain for zeros in range(1, MOST_ZEROS + 1)}


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
    says, known, wrong = policy.says, books.policies.get(policy.key), []
    if policy.key in books.twins and (known is None or known.number != policy.number):
        wrong.append(_("Several policies here have this number, written differently: write it exactly as one of them."))
    if known is None and policy.key in books.zeros:
        wrong.append(_zeros_lost(books.zeros[policy.key]))
    missing = [COLUMNS[name].title for name in NEEDED_ANEW if says.get(name) is None]
    if known is None and missing:
        wrong.append(_("A new policy needs: %(columns)s.") % {"columns": "、".join(map(str, missing))})
    product = books.told.products.get(says.get("product", ""), {})
    if "product" in says and says["product"] not in books.products and len(product) < 2:
        told = {"code": says["product"]}
        wrong.append(_("The product %(code)s is new here: its name and line of business are needed.") % told)
    if says.get("agent") and says["agent"] not in books.agents:
        wrong.append(_("%(column)s is not known here: “%(text)s”.") % _said("agent", says["agent"]))
    if says.get("branch") and folded(says["branch"]) not in books.branches:
        wrong.append(_("%(column)s is not known here: “%(text)s”.") % _said("branch", says["branch"]))
    issued = says.get("issued_on") or (known.issued_on if known else None)
    for name in ("delivered_on", "ends_on"):
        day = says[name] if name in says else getattr(known, name, None)
        if day and issued and day < issued:
            wrong.append(_("%(column)s is before the day of issue.") % {"column": COLUMNS[name].title})
    if not any(role == PolicyRole.Role.HOLDER for _customer, role in policy.roles):
        wrong.append(_("No row says who the policyholder is."))
    return wrong


def _zeros_lost(number: str) -> str:
    return _("Here %(number)s is known: it seems to have lost its leading zeros. Format the column as text.") % {
        "number": number
    }


def _about_person(row: PolicyRow, books: Books) -> list[str]:
    if not row.customer or row.customer in books.customers:
        return []
    if row.customer in books.zeros:
        return [_zeros_lost(books.zeros[row.customer])]
    if row.customer.upper().startswith(OWN):
        return [_("Numbers that begin with K- are given here, and this one is not known.")]
    return [] if books.told.people[row.customer].get("name") else [_("A new customer needs a name.")]


def _said(name: str, text: Any) -> dict[str, Any]:
    return {"column": COLUMNS[name].title, "text": text}
