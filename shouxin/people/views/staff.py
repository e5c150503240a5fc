"""Colleagues: the list, one's page, taking on, moving, letting go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.drawers import draw
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.paging import keyset
from shouxin.core.rights import any_staff, needs
from shouxin.people import actions
from shouxin.people.address import link as link_to
from shouxin.people.forms import DepartureForm, SkillsForm, StaffForm
from shouxin.people.models import Function, Staff, Team
from shouxin.people.queries import colleagues, deputies_on
from shouxin.people.rules import GRANT_SKILLS, MANAGE_STAFF, may_decide_over, may_grant_skills
from shouxin.record.queries import timeline


@any_staff
def staff_list(request: HttpRequest) -> HttpResponse:
    """Colleagues by the strokes of their names."""
    asked = {name: request.GET.get(name, "") for name in ("q", "team", "left")}
    found = colleagues(search=asked["q"], team=asked["team"], shows_left=bool(asked["left"]))
    rows = keyset(found, order=("name_sort", "id"), after=request.GET.get("after", ""))
    context = {"rows": rows, "asked": asked, "may_manage": request.user.has(MANAGE_STAFF)}
    context["teams"] = Team.objects.order_by("branch__name", "name")
    return page(request, "people/staff_list.html", context, part="people/_staff_table.html")


@any_staff
def staff_page(request: HttpRequest, account: str) -> HttpResponse:
    """One colleague: where, what he can serve, who stands in, what happened."""
    staff = _find(account)
    reader = Audience.HR if request.user.is_function(Function.HR) else Audience.STAFF
    entries = timeline(staff.ref, reader, viewer=request.user.ref, limit=30)
    told = [(entry, drawing) for entry in entries if (drawing := draw(entry)) is not None]
    context = {
        "staff": staff,
        "skills": [row.skill for row in staff.staff_skills.select_related("skill").order_by("skill_id")],
        "deputies": deputies_on(staff, day_of(now())),
        "told": told,
        "may_manage": request.user.has(MANAGE_STAFF),
        "may_decide": may_decide_over(request.user, staff),
        "may_grant": may_grant_skills(request.user, staff),
        "link": _link_given(request, staff),
        "departure": DepartureForm(initial={"left_on": day_of(now())}),
    }
    return page(request, "people/staff_page.html", context)


@needs(MANAGE_STAFF)
def staff_new(request: HttpRequest) -> HttpResponse:
    """Take somebody on; the link for the first password is shown once and mailed."""
    form = StaffForm(request.POST or None, by=request.user, initial={"joined_on": day_of(now())})
    if request.method == "POST" and form.is_valid():
        about = dict(form.cleaned_data)
        about["functions"] = tuple(about.pop("functions", ()))
        staff = actions.join(actions.NewStaff(**about), by=request.user)
        _give_link(request, staff)
        return back(request, reverse("people:staff", args=[staff.account]))
    return page(request, "people/staff_form.html", {"form": form}, status=422 if form.errors else 200)


@needs(MANAGE_STAFF)
def staff_edit(request: HttpRequest, account: str) -> HttpResponse:
    """Details, post and team, functions: each its own fact."""
    staff, by = _find(account), request.user
    form = StaffForm(request.POST or None, instance=_find(account), by=by)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.change(staff, by=by, name=told["name"], email=told["email"], joined_on=told["joined_on"])
        actions.move(staff, by=by, post=told["post"], team=told["team"])
        if "functions" in told:
            actions.give_functions(staff, by=by, functions=told["functions"])
        messages.success(request, _("Saved."))
        return back(request, reverse("people:staff", args=[staff.account]))
    return page(request, "people/staff_form.html", {"form": form, "staff": staff}, status=422 if form.errors else 200)


@needs(GRANT_SKILLS)
def skills(request: HttpRequest, account: str) -> HttpResponse:
    """What somebody is able to serve."""
    staff = _find(account)
    form = SkillsForm(request.POST or None, staff=staff)
    if request.method == "POST" and form.is_valid():
        actions.set_skills(staff, by=request.user, skills=list(form.cleaned_data["skills"]))
        messages.success(request, _("Saved."))
        return back(request, reverse("people:staff", args=[staff.account]))
    context = {"form": form, "staff": staff}
    return page(request, "people/skills.html", context, status=422 if form.errors else 200)


@needs(MANAGE_STAFF)
@require_POST
def departure(request: HttpRequest, account: str) -> HttpResponse:
    """Somebody leaves."""
    staff, form = _find(account), DepartureForm(request.POST)
    if form.is_valid() and form.cleaned_data["left_on"] >= staff.joined_on:
        actions.leave(staff, by=request.user, on=form.cleaned_data["left_on"])
        _tell_departure(request, _find(account))
    else:
        messages.error(request, _("The last day is missing or is before the first day."))
    return back(request, reverse("people:staff", args=[staff.account]))


def _tell_departure(request: HttpRequest, staff: Staff) -> None:
    if staff.is_active:
        told = _("%(name)s can sign in until %(day)s.") % {"name": staff.name, "day": f"{staff.left_on:%Y-%m-%d}"}
    else:
        told = _("%(name)s has been signed out and can no longer sign in.") % {"name": staff.name}
    messages.success(request, told)


@needs(MANAGE_STAFF)
@require_POST
def comeback(request: HttpRequest, account: str) -> HttpResponse:
    staff = actions.come_back(_find(account), by=request.user)
    return back(request, reverse("people:staff", args=[staff.account]))


@needs(MANAGE_STAFF)
@require_POST
def password_link(request: HttpRequest, account: str) -> HttpResponse:
    """A link for a new password: shown once here, or mailed to the colleague where the reader may not see it."""
    staff = _find(account)
    _give_link(request, staff)
    return back(request, reverse("people:staff", args=[staff.account]))


def _give_link(request: HttpRequest, staff: Staff) -> None:
    """Kept for one look at the page of the colleague."""
    try:
        path = actions.password_link(staff, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return
    if not path:
        messages.success(request, _("A link for the password was mailed to %(name)s.") % {"name": staff.name})
        return
    request.session["password_link"] = {"account": staff.account, "link": link_to(path)}


def _link_given(request: HttpRequest, staff: Staff) -> str:
    given = request.session.get("password_link") or {}
    return request.session.pop("password_link")["link"] if given.get("account") == staff.account else ""


def _find(account: str) -> Staff:
    return get_object_or_404(Staff.objects.select_related("team__branch", "team__leader"), account=account)
