"""Personal data on request, contacts, what to heed; merging, representatives, consents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.core.pages import back, page
from shouxin.core.rights import needs
from shouxin.customers import actions, ties
from shouxin.customers.forms import AuthorityForm, CareForm, ConsentForm, ContactForm, MergeForm, PartForm, ShowForm
from shouxin.customers.models import CareNote, ContactPoint, Customer, Representative
from shouxin.customers.queries import known_as
from shouxin.customers.rules import MERGE, RECORD_AUTHORITY, REGISTER, SHOW_PERSONAL
from shouxin.customers.views.pages import about, find


def _back(request: HttpRequest, customer: Customer) -> HttpResponse:
    return back(request, reverse("customers:page", args=[customer.number]))


def _form(request: HttpRequest, customer: Customer, form, title: str, note: str = "") -> HttpResponse:
    context = {"form": form, "customer": customer, "title": title, "note": note}
    return page(request, "customers/tie_form.html", context, status=422 if form.errors else 200)


@needs(SHOW_PERSONAL)
@require_POST
def personal_data(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is masked, once, for a reason that is recorded."""
    customer, form = find(request.user, number), ShowForm(request.POST)
    shown = None
    if form.is_valid():
        shown = actions.show_personal(customer, by=request.user, **form.cleaned_data)
    context = about(customer, request.user) | {"show_form": form, "shown": shown}
    status = 422 if form.errors else 200
    response = page(request, "customers/customer_page.html", context, part="customers/_personal.html", status=status)
    response["Cache-Control"] = "no-store"
    return response


@needs(REGISTER)
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """A further way to reach the customer."""
    customer, form = find(request.user, number), ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_contact(customer, by=request.user, **form.cleaned_data)
        return _back(request, customer)
    return _form(request, customer, form, _("A further contact"))


@needs(REGISTER)
@require_POST
def contact_end(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """This way no longer reaches the customer."""
    customer = find(request.user, number)
    point = get_object_or_404(ContactPoint, pk=key, customer__in=known_as(customer), is_valid=True)
    actions.end_contact(point, by=request.user)
    return _back(request, customer)


@needs(REGISTER)
def care(request: HttpRequest, number: str) -> HttpResponse:
    """Something to heed."""
    customer, form = find(request.user, number), CareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_care(customer, by=request.user, **form.cleaned_data)
        return _back(request, customer)
    return _form(request, customer, form, _("Special notes"))


@needs(REGISTER)
@require_POST
def care_end(request: HttpRequest, number: str, key: int) -> HttpResponse:
    customer = find(request.user, number)
    actions.end_care(get_object_or_404(CareNote, pk=key, customer=customer), by=request.user)
    return _back(request, customer)


@needs(MERGE)
def merging(request: HttpRequest, number: str) -> HttpResponse:
    """Two numbers, one customer."""
    customer, form = find(request.user, number), MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        return _back(request, ties.merge(customer, into=told["into"], by=request.user, reason=told["reason"]))
    note = _("No data is moved: one record only points to the other, and you can undo the merge at any time.")
    return _form(request, customer, form, _("Merge into another customer"), note)


@needs(MERGE)
def parting(request: HttpRequest, number: str) -> HttpResponse:
    """The merger was a mistake."""
    merged = Customer.objects.visible_to(request.user).exclude(merged_into=None)
    customer, form = get_object_or_404(merged, number=number), PartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _back(request, ties.part(customer, by=request.user, reason=form.cleaned_data["reason"]))
    return _form(request, customer, form, _("Undo the merge"))


@needs(RECORD_AUTHORITY)
def authority(request: HttpRequest, number: str) -> HttpResponse:
    """委任: who may speak for the customer."""
    customer = find(request.user, number)
    form = AuthorityForm(request.POST or None, instance=Representative(customer=customer))
    if request.method == "POST" and form.is_valid():
        ties.record_authority(customer, ties.Authority(**form.cleaned_data), by=request.user)
        return _back(request, customer)
    return _form(request, customer, form, _("Record a representative"))


@needs(RECORD_AUTHORITY)
def revocation(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """The authority ends."""
    customer, form = find(request.user, number), PartForm(request.POST or None)
    row = get_object_or_404(Representative, pk=key, customer=customer, revoked_on=None)
    form.fields["reason"].label = _("Why is it ending?")
    if request.method == "POST" and form.is_valid():
        ties.revoke_authority(row, by=request.user, reason=form.cleaned_data["reason"])
        return _back(request, customer)
    return _form(request, customer, form, _("End the authority"))


@needs(REGISTER)
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """The customer agrees to something."""
    customer, form = find(request.user, number), ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ties.give_consent(customer, by=request.user, **form.cleaned_data)
        return _back(request, customer)
    return _form(request, customer, form, _("Record a consent"))


@needs(REGISTER)
@require_POST
def consent_end(request: HttpRequest, number: str, purpose: str) -> HttpResponse:
    customer = find(request.user, number)
    ties.withdraw_consent(customer, purpose=purpose, by=request.user)
    return _back(request, customer)
