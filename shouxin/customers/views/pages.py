"""Customers: search, the page of one, registering, correcting."""

from urllib.parse import unquote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.core.drawers import Drawing, draw
from shouxin.core.links import link_for
from shouxin.core.pages import back, page
from shouxin.core.paging import keyset
from shouxin.core.refs import Ref
from shouxin.core.rights import needs
from shouxin.core.submissions import one_at_a_time
from shouxin.customers import actions, queries
from shouxin.customers.forms import DetailsForm, RegisterForm, ShowForm
from shouxin.customers.looking_up import note_search
from shouxin.customers.models import Customer
from shouxin.customers.rules import MERGE, RECORD_AUTHORITY, REGISTER, SEE_CUSTOMERS, SHOW_PERSONAL
from shouxin.people.models import Staff
from shouxin.record.queries import Entry


@needs(SEE_CUSTOMERS)
def customer_list(request: HttpRequest) -> HttpResponse:
    """All customers by the strokes of their names, or those a word, number or telephone finds."""
    text = request.GET.get("q", "").strip()
    note_search(text, by=request.user)
    found = queries.visible_to(request.user)
    found = found.matching(text) if text else found
    rows = keyset(found, order=("name_sort", "id"), after=request.GET.get("after", ""))
    context = {"rows": rows, "q": text, "may_register": request.user.has(REGISTER)}
    return page(request, "customers/customer_list.html", context, part="customers/_customer_table.html")


@needs(SEE_CUSTOMERS)
def customer_page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one customer, masked: who, contacts, policies, cases, what happened."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), number=number)
    if customer.merged_into_id:
        return back(request, reverse("customers:page", args=[queries.survivor(customer).number]))
    return page(request, "customers/customer_page.html", about(customer, request.user))


def about(customer: Customer, staff: Staff) -> dict:
    """What the customer's page shows."""
    today = day_of(now())
    entries = queries.history_of(customer, staff)
    return {
        "customer": customer,
        "contacts": queries.contacts_of(customer),
        "authorities": customer.representatives.standing_on(today).select_related("representative"),
        "speaks_for": customer.represents.standing_on(today).select_related("customer"),
        "consents": customer.consents.filter(withdrawn_at=None).order_by("purpose"),
        "care": customer.care_notes.standing_on(today),
        "absorbed": customer.absorbed.order_by("number"),
        "told": told(entries, but=customer.ref),
        "show_form": ShowForm(),
        "may_show": staff.has(SHOW_PERSONAL),
        "may_register": staff.has(REGISTER),
        "may_merge": staff.has(MERGE),
        "may_authorise": staff.has(RECORD_AUTHORITY),
    }


def told(entries: list[Entry], *, but: Ref) -> list[tuple[Entry, Drawing, str, str]]:
    """Each entry as it is told, with the page of what it is about and that page's number."""
    urls = {subject: link_for(subject) for subject in {entry.subject for entry in entries} - {but}}
    drawn = ((entry, draw(entry), urls.get(entry.subject, "")) for entry in entries)
    # The last part of an address is the number people know a thing by.
    return [(entry, found, url, unquote(url.rstrip("/").rpartition("/")[2])) for entry, found, url in drawn if found]


@needs(REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """A new customer; who may be here already is shown before a second one is made."""
    form = RegisterForm(request.POST or None, jurisdiction=_jurisdiction(request.user))
    twins: list[Customer] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        # Of two clicks the second waits, and finds the first.
        one_at_a_time("customer", told["id_number"] or told["name"])
        one_at_a_time("customer", told["name"])
        twins = queries.twins_of(queries.Twin(told["name"], told["id_number"], told["birth_on"], told["phone"]))
        if not twins or told["is_someone_else"]:
            fields = ("name", "kind", "id_number", "birth_on", "gender", "language")
            person = actions.Person(**{name: told[name] for name in fields}, contacts=form.contacts())
            customer = actions.register(person, by=request.user)
            return back(request, reverse("customers:page", args=[customer.number]))
    context = {"form": form, "twins": twins}
    return page(request, "customers/register.html", context, status=422 if form.errors or twins else 200)


@needs(REGISTER)
def details(request: HttpRequest, number: str) -> HttpResponse:
    """Correct who somebody is. What is masked stays as it is unless it is typed anew."""
    customer = find(request.user, number)
    form = DetailsForm(request.POST or None, instance=customer, jurisdiction=_jurisdiction(request.user))
    if request.method == "POST" and form.is_valid():
        actions.change(customer, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return back(request, reverse("customers:page", args=[number]))
    context = {"form": form, "customer": customer, "title": _("Correct the details")}
    return page(request, "customers/tie_form.html", context, status=422 if form.errors else 200)


def find(staff: Staff, number: str) -> Customer:
    """A standing customer this person may see, or 404."""
    return get_object_or_404(queries.visible_to(staff), number=number)


def _jurisdiction(staff: Staff) -> str:
    return staff.team.branch.jurisdiction if staff.team else ""
