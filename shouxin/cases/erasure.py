"""What cases say when a customer is to be erased: open ones stand against it, closed ones stay as numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouxin.cases.models import Case
from shouxin.customers.erasure import ErasingCustomer, Staying

TABLES = {
    "cases_case": gettext_lazy("Cases"), "cases_touch": gettext_lazy("Messages and notes"),
    "cases_attachment": gettext_lazy("Files"), "cases_letter": gettext_lazy("Letters"),
    "cases_draft": gettext_lazy("Drafts"), "cases_paper": gettext_lazy("Documents"),
    "cases_casetag": gettext_lazy("Tags"), "cases_savedview": gettext_lazy("Saved views"),
    "people_notice": gettext_lazy("Notices to colleagues"), "tables_importrun": gettext_lazy("Imports"),
}  # fmt: skip
SHOWN = 5


def open_cases(intention: ErasingCustomer) -> str | None:
    """What is still asked must be answered first."""
    found = Case.objects.open().filter(customer__in=intention.ids).order_by("pk")
    numbers = list(found.values_list("number", flat=True)[: SHOWN + 1])
    if not numbers:
        return None
    told = "、".join(numbers[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")
    return _("There are open cases: %(numbers)s. Close them first.") % {"numbers": told}


def cases_stay(intention: ErasingCustomer) -> list[Staying]:
    count = Case.objects.filter(customer__in=intention.ids).count()
    if not count:
        return []
    what = ngettext("%(count)d case by its number", "%(count)d cases by their numbers", count) % {"count": count}
    return [Staying(what, _("Service, dates and promises stay, for figures and proof; subject, words and files go."))]
