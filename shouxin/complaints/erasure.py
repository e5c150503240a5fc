"""What complaints say when a customer is to be erased: while they may go further, the file must be there."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouxin.complaints.models import Complaint, FinalLetter
from shouxin.core.clock import day_of
from shouxin.customers.erasure import ErasingCustomer, Staying

TABLES = {
    "complaints_decision": gettext_lazy("Decisions"), "complaints_findings": gettext_lazy("Findings"),
    "complaints_finalletter": gettext_lazy("Final letters"), "portal_linkrenewal": gettext_lazy("Replaced links"),
}  # fmt: skip


def may_go_further(intention: ErasingCustomer) -> str | None:
    """Until the term for the next step is over, the complaint's file is evidence."""
    letters = FinalLetter.objects.filter(
        complaint__case__customer__in=intention.ids, next_step_until__gte=day_of(intention.at)
    )
    last = letters.order_by("-next_step_until").select_related("complaint__case").first()
    if last is None:
        return None
    text = _("The complaint %(number)s can still be taken further until %(day)s; its file must be kept until then.")
    return text % {"number": last.complaint.case.number, "day": f"{last.next_step_until:%Y-%m-%d}"}


def complaints_stay(intention: ErasingCustomer) -> list[Staying]:
    count = Complaint.objects.filter(case__customer__in=intention.ids).count()
    if not count:
        return []
    what = ngettext(
        "The outcome of %(count)d complaint", "The outcomes of %(count)d complaints", count
    ) % {"count": count}  # fmt: skip
    return [Staying(what, _("Decision and payment stay for the regulator; findings, reasons and letters go."))]
