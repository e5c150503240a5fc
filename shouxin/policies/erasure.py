"""What policies say when a customer is to be erased: who is bound by a contract can't be forgotten."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.customers.erasure import ErasingCustomer, Staying
from shouxin.policies.models import Policy, PolicyRole

# A contract that binds us, or may bind us again.
BINDING = (Policy.State.PROPOSED, Policy.State.IN_FORCE, Policy.State.GRACE, Policy.State.PAID_UP)
SHOWN = 5


def policies_bind(intention: ErasingCustomer) -> str | None:
    """The law asks us to know with whom we have a contract."""
    roles = PolicyRole.objects.filter(customer__in=intention.ids, policy__state__in=BINDING)
    numbers = list(roles.order_by("policy__number").values_list("policy__number", flat=True).distinct()[: SHOWN + 1])
    if not numbers:
        return None
    told = "、".join(numbers[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")
    text = _("The person is named in policies that are in force: %(numbers)s. The law keeps these data until they end.")
    return text % {"numbers": told}


def policies_stay(intention: ErasingCustomer) -> list[Staying]:
    count = PolicyRole.objects.filter(customer__in=intention.ids).values("policy").distinct().count()
    if not count:
        return []
    what = ngettext("%(count)d policy by its number", "%(count)d policies by their numbers", count) % {"count": count}
    return [Staying(what, _("They point to a customer number behind which nobody is known any more."))]
