"""The desk: the list, the next one, a request taken in by staff, ways of looking that are kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouxin.cases import actions
from shouxin.cases.channels import in_order
from shouxin.cases.desk import SORTS, Looking, day, desk, tabs, views_of
from shouxin.cases.forms import ViewForm
from shouxin.cases.intake import IntakeForm
from shouxin.cases.looking_up import whom
from shouxin.cases.models import SavedView, State
from shouxin.cases.queries import services
from shouxin.cases.rights import SEE, SERVE, TAKE_IN
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.core.files import store
from shouxin.core.guards import Refused
from shouxin.core.links import link_for
from shouxin.core.pages import back, page
from shouxin.core.ribbon import day_ribbon
from shouxin.core.rights import needs
from shouxin.core.submissions import key_kept, once_if_keyed


@needs(SEE)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """What I, my team or all of us have to do, the soonest due first."""
    at, looking = now(), Looking.parse(request.GET)
    today = day(request.user, at=at)
    context = {
        "desk": desk(request.user, looking, at=at, after=request.GET.get("after", "")),
        "tabs": tabs(request.user, looking), "looking": looking, "today": today, "at": at,
        "ribbon": day_ribbon(today.clocks, at=at), "views": views_of(me=request.user.pk),
        "services": tuple((each.pk, each.label) for each in services().values() if each.is_offered),
        "channels": in_order(), "states": State.choices[:-1], "sorts": SORTS,
        "may_take_in": request.user.has(TAKE_IN),
    }  # fmt: skip
    return page(request, "cases/case_list.html", context, part="cases/_case_table.html")


@needs(SERVE)
@require_POST
def next_case(request: HttpRequest) -> HttpResponse:
    """The one thing I should do next, now mine."""
    item = actions.take_next(request.user)
    if item is None:
        if request.user.skills.exists():
            messages.info(request, _("No cases are waiting for your skills. Well done."))
        else:
            messages.warning(request, _("No skills are set for you yet; your team leader or the administrator can."))
        return back(request, reverse("cases:list"))
    messages.success(request, _("This case is now yours; the customer sees your name."))
    return back(request, link_for(item.ref) or reverse("cases:list"))


@needs(TAKE_IN)
@key_kept("the first Touch of the case")
def case_new(request: HttpRequest) -> HttpResponse:
    """A request by telephone, at the counter or by letter, written down by staff."""
    begun = {name: request.GET[name] for name in ("customer", "channel", "policy") if name in request.GET}
    form = IntakeForm(request.POST or None, request.FILES or None, by=request.user, initial=begun)
    if form.is_valid():
        try:
            case = _taken_in(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Registered as %(number)s.") % {"number": case.number})
            return back(request, reverse("cases:page", args=[case.number]))
    status = 422 if form.is_bound else 200
    return page(request, "cases/case_new.html", {"form": form}, part="cases/_intake_form.html", status=status)


def _taken_in(form: IntakeForm):
    said = form.cleaned_data
    return actions.open_case(
        by=form.by, service=said["service"], channel=said["channel"], subject=said["subject"], body=said["body"],
        note=said["note"],
        branch=said["branch"], customer=said["customer"], policy=said["policy"], priority=said["priority"],
        claimant=Claimant(name=said["name"], phone=said["phone"], email=said["email"]),
        files=tuple(store(file.read(), file.name) for file in said["files"]),
        **({"key": said["key"]} if said["key"] else {}),
    )  # fmt: skip


@needs(TAKE_IN)
@require_safe
def customers_found(request: HttpRequest) -> HttpResponse:
    """For the intake form: the first few customers that match, each with the policies they may be asking about."""
    text = request.GET.get("q", "").strip()
    context = {"found": whom(text, by=request.user) if text else [], "q": text}
    return page(request, "cases/customers_found.html", context, part="cases/_customers_found.html")


@needs(SEE)
@require_POST
def views(request: HttpRequest) -> HttpResponse:
    """Keep the way I look at the desk under a name; the same name again is replaced."""
    form = ViewForm(request.POST)
    query = Looking.parse(QueryDict(request.POST.get("query", ""))).query
    if form.is_valid():
        name = form.cleaned_data["name"]
        SavedView.objects.update_or_create(staff=request.user, name=name, defaults={"query": query})
        messages.success(request, _("Saved as “%(name)s”.") % {"name": name})
    return back(request, f"{reverse('cases:list')}?{query}")


@needs(SEE)
@require_POST
@once_if_keyed("what was removed is gone")
def view_removal(request: HttpRequest, key: int) -> HttpResponse:
    get_object_or_404(SavedView, pk=key, staff=request.user).delete()
    return back(request, reverse("cases:list"))
