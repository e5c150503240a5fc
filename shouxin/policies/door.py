"""What policies give to the house: links, the policies on a customer's page, the import among the settings."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.audience import Audience
from shouxin.core.drawers import Drawing, draws
from shouxin.core.guards import refuses
from shouxin.core.links import links
from shouxin.core.slots import fills
from shouxin.customers.erasure import ErasingCustomer, stays
from shouxin.customers.looking_up import NUMBERED
from shouxin.customers.models import Customer
from shouxin.policies.erasure import policies_bind, policies_stay
from shouxin.policies.importing.columns import COLUMNS, genders, kinds, lines, roles, states
from shouxin.policies.importing.taking import carry_out, told_of
from shouxin.policies.models import Policy, number_key
from shouxin.policies.queries import held_by
from shouxin.policies.rules import IMPORT_POLICIES
from shouxin.tables.columns import shown_words
from shouxin.tables.importers import Importer, importer

NUMBERED.append(lambda number: Policy.objects.filter(number_key=number_key(number)).exists())
POLICIES = importer(Importer(
    name="policies", title=gettext_lazy("Import policies"), right=IMPORT_POLICIES, run=carry_out, sentence=told_of,
    about=gettext_lazy("One row for each person on a policy."), columns=COLUMNS.values,
    key_title=gettext_lazy("Policy · customer"),
    rules=gettext_lazy("The file names everybody on a policy: who is missing in it is taken off. An empty cell leaves "
               "what is there; a single hyphen removes it, where that is possible."),
    accepted=lambda: [(COLUMNS[name].title, shown_words(words())) for name, words in (
        ("line", lines), ("state", states), ("role", roles), ("kind", kinds), ("gender", genders))],
))  # fmt: skip


refuses(ErasingCustomer)(policies_bind)
stays(policies_stay)


@fills("settings.main", order=30)
def among_settings(request: HttpRequest, **about: Any) -> tuple[str, dict[str, Any]] | None:
    return ("policies/_settings.html", {}) if request.user.has(IMPORT_POLICIES) else None


@draws("PoliciesImported")
def draw_import(entry: Any) -> Drawing:
    return Drawing(_("Policies were imported from a file"), icon="note", detail=told_of(entry.data["counts"]))


@draws("PolicyDelivered")
def draw_delivery(entry: Any) -> Drawing:
    return Drawing(_("The policy was delivered on %(day)s") % {"day": entry.delivered_on}, icon="letter")


@links("policy")
def policy_url(policy_id: int, audience: Audience) -> str:
    number = Policy.objects.filter(pk=policy_id).values_list("number", flat=True).first()
    return reverse("policies:page", args=[number]) if number and audience != Audience.CUSTOMER else ""


@fills("customer.main", order=10)
def of_customer(request: HttpRequest, customer: Customer, **about: Any) -> tuple[str, dict[str, Any]]:
    """The customer's policies and roles."""
    return "policies/_held.html", {"held": held_by(customer, request.user)}
