"""Erasing a customer for good: find them, read what would go and what stays, confirm; then the report."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import needs
from shouxin.customers import erasure
from shouxin.customers.forms import ErasureForm
from shouxin.customers.looking_up import note_search
from shouxin.customers.models import Customer
from shouxin.customers.rules import ERASE
from shouxin.people.queries import staff_names
from shouxin.record.erasing import Erased
from shouxin.record.queries import Entry

MOST = 20


@needs(ERASE)
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """Whom to erase, and what was erased before."""
    text = request.GET.get("q", "").strip()
    note_search(text, by=request.user)
    found = Customer.objects.standing().matching(text).order_by("name_sort", "pk")[:MOST] if text else []
    context = {"q": text, "found": found, "past": [_told(entry) for entry in erasure.past()]}
    return page(request, "customers/erasures.html", context)


@needs(ERASE)
def erasing(request: HttpRequest, number: str) -> HttpResponse:
    """One customer: what stands against it, what would go, what stays; and the form that does it."""
    customer = get_object_or_404(Customer.objects.standing(), number=number)
    form = ErasureForm(request.POST or None, number=customer.number)
    if request.method == "POST" and form.is_valid():
        try:
            fact, _report = erasure.erase_customer(customer, by=request.user, **form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return back(request, reverse("customers:erasure-report", args=[fact]))
    context = {"form": form, "customer": customer, "outlook": erasure.outlook(customer)}
    return page(request, "customers/erasing.html", context, status=422 if form.errors else 200)


@needs(ERASE)
@require_safe
def report(request: HttpRequest, key: int) -> HttpResponse:
    """What one erasure did, to be printed."""
    if (entry := erasure.report_of(key)) is None:
        raise Http404
    goes = erasure.told_by_name(Erased(entry.contents, entry.tables))
    return page(request, "customers/erasure_report.html", _told(entry) | {"goes": goes})


def _told(entry: Entry) -> dict:
    return {
        "entry": entry, "numbers": "、".join(entry.numbers), "why": erasure.reason_in_words(entry.reason),
        "rows": sum(entry.tables.values()), "who": staff_names().get(entry.actor.id, "") if entry.actor else "",
    }  # fmt: skip
