"""Settings of the house: company, offices and hours, teams, skills, agents; and who may what."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.core.pages import back, page
from shouxin.core.paging import keyset
from shouxin.core.rights import any_staff, needs
from shouxin.people import organisation
from shouxin.people.address import is_only_here, public_url
from shouxin.people.forms import AgentForm, BranchForm, CompanyForm, HoursForm, SkillForm, TeamForm
from shouxin.people.models import Agent, Branch, Company, Function, Post, Skill, Team
from shouxin.people.queries import agents as find_agents
from shouxin.people.queries import hours_of, rights_table
from shouxin.people.rules import KEEP_AGENTS, SETTINGS

Save = Callable[..., None]


@needs(SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    """All settings on one page; other rooms add theirs through the slot."""
    context = {
        "branches": Branch.objects.order_by("pk"),
        "teams": Team.objects.select_related("branch", "leader").order_by("branch_id", "pk"),
        "skills": Skill.objects.order_by("pk"),
        "public_url": public_url(),
        "is_only_here": is_only_here(public_url()),
    }
    return page(request, "people/settings.html", context)


@needs(SETTINGS)
def company(request: HttpRequest) -> HttpResponse:
    thing = get_object_or_404(Company)
    # What this administrator reached the house by is offered, and kept only when it is saved.
    here = f"{request.scheme}://{request.get_host()}"
    begin = {"public_url": here} if not thing.public_url and not is_only_here(here) else {}
    return _edit(request, CompanyForm, thing, _("Company"), begin=begin)


@needs(SETTINGS)
def branch(request: HttpRequest, code: str = "") -> HttpResponse:
    thing = get_object_or_404(Branch, code=code) if code else Branch()
    return _edit(request, BranchForm, thing, _("Office"))


@needs(SETTINGS)
def team(request: HttpRequest, code: str = "") -> HttpResponse:
    thing = get_object_or_404(Team, code=code) if code else Team()
    return _edit(request, TeamForm, thing, _("Team"), save=organisation.save_team)


@needs(SETTINGS)
def skill(request: HttpRequest, code: str = "") -> HttpResponse:
    return _edit(request, SkillForm, get_object_or_404(Skill, code=code) if code else Skill(), _("Skill"))


def _edit(
    request: HttpRequest,
    form_class: type[ModelForm],
    thing: Model,
    title: str,
    *,
    save: Save = organisation.save_setting,
    begin: dict[str, str] | None = None,
) -> HttpResponse:
    form = form_class(request.POST or None, instance=thing, initial=begin)
    if request.method == "POST" and form.is_valid():
        changed = sorted({*form.changed_data, *(begin or {})})
        save(form.save(commit=False), by=request.user, changed=changed)
        messages.success(request, _("Saved."))
        return back(request, reverse("people:settings"))
    context = {"form": form, "title": title, "thing": thing}
    return page(request, "people/setting_form.html", context, status=422 if form.errors else 200)


@needs(SETTINGS)
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """When the office is open, from a day on."""
    office = get_object_or_404(Branch, code=code)
    form = HoursForm(request.POST or None, office=office)
    if request.method == "POST" and form.is_valid():
        organisation.set_hours(office, form.hours(), by=request.user)
        messages.success(request, _("The hours have been set."))
        return back(request, reverse("people:settings"))
    context = {"form": form, "office": office, "earlier": hours_of(office)}
    return page(request, "people/hours.html", context, status=422 if form.errors else 200)


@any_staff
def rights(request: HttpRequest) -> HttpResponse:
    """Who may what: every right, with the posts and functions that hold it."""
    context = {"rows": rights_table(), "posts": Post.choices, "functions": Function.choices}
    return page(request, "people/rights.html", context)


@any_staff
def agents(request: HttpRequest) -> HttpResponse:
    """業務員: who sold, and until when."""
    search = request.GET.get("q", "")
    rows = keyset(find_agents(search=search), order=("number",), after=request.GET.get("after", ""))
    context = {"rows": rows, "q": search, "may_keep": request.user.has(KEEP_AGENTS), "today": day_of(now())}
    return page(request, "people/agent_list.html", context, part="people/_agent_table.html")


@needs(KEEP_AGENTS)
def agent(request: HttpRequest, number: str = "") -> HttpResponse:
    thing = get_object_or_404(Agent, number=number) if number else Agent()
    form = AgentForm(request.POST or None, instance=thing)
    if request.method == "POST" and form.is_valid():
        organisation.save_agent(form.save(commit=False), by=request.user, changed=form.changed_data)
        messages.success(request, _("Saved."))
        return back(request, reverse("people:agents"))
    context = {"form": form, "title": _("Agent"), "thing": thing}
    return page(request, "people/setting_form.html", context, status=422 if form.errors else 200)
