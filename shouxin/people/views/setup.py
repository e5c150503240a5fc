"""The first hour of an insurer's own home."""

from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shouxin.core.pages import back, page
from shouxin.core.rights import needs, public
from shouxin.core.submissions import repeatable
from shouxin.people import moving_in
from shouxin.people.address import is_only_here
from shouxin.people.forms import FoundingForm
from shouxin.people.models import Branch, Staff, Team
from shouxin.people.organisation import Founding, found
from shouxin.people.queries import hours_of
from shouxin.people.rules import SETTINGS

BACKEND = "shouxin.people.backends.StaffBackend"


@public
@repeatable("a house is founded once; a second founding is told so")
def setup(request: HttpRequest) -> HttpResponse:
    """Company, first office, first administrator. Shut for good once a company lives here."""
    if moving_in.is_founded():
        return redirect("/")
    token = request.POST.get("token") or request.GET.get("token", "")
    if not moving_in.may_found(request.META, token):
        return page(request, "people/setup_locked.html", status=403)
    here = f"{request.scheme}://{request.get_host()}"
    form = FoundingForm(request.POST or None, initial={"public_url": "" if is_only_here(here) else here})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                admin = found(_founding(form.cleaned_data))
        except IntegrityError:
            form.add_error(None, _("Someone else has just set up the company. Sign in with the account created then."))
        else:
            moving_in.close_door()
            login(request, admin, backend=BACKEND)
            return back(request, reverse("people:setup-steps"))
    return page(request, "people/setup.html", {"form": form, "token": token}, status=422 if form.errors else 200)


def _founding(told: dict) -> Founding:
    company = {"name": told["company_name"], "service_phone": told["service_phone"], "email": told["company_email"]}
    company["public_url"] = told["public_url"]
    office = {"name": told["office_name"], "jurisdiction": told["jurisdiction"], "place": told["place"]}
    person = {name: told[name] for name in ("account", "name", "email", "password")}
    return Founding(company=company, office=office, **person)


@needs(SETTINGS)
def steps(request: HttpRequest) -> HttpResponse:
    """What is left of the first hour: offices and hours, teams, staff; each can be done later as well."""
    head = Branch.objects.order_by("pk").first()
    context = {
        "head": head,
        "has_hours": bool(head and hours_of(head)),
        "branches": Branch.objects.count(),
        "teams": Team.objects.count(),
        "staff": Staff.objects.serving().count(),
    }
    return page(request, "people/setup_steps.html", context)
