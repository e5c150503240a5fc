"""The page everybody begins with."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouxin.cases.desk import day as promises_of
from shouxin.cases.rights import SERVE
from shouxin.core.clock import day_of, local, now
from shouxin.core.pages import page
from shouxin.core.ribbon import day_ribbon
from shouxin.core.rights import any_staff, public
from shouxin.front import day
from shouxin.front.duties import duties
from shouxin.front.figures import own
from shouxin.people.queries import notices_of


@public
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What the day of this person holds. Whoever is not signed in is a customer who typed the bare address."""
    viewer = request.user
    if not viewer.is_authenticated:
        return HttpResponseRedirect(reverse("portal:door"))
    at = now()
    context = {"at": at, "hour": local(at).hour, "duties": duties(viewer), "team": day.team_day(viewer, at=at)}
    if viewer.has(SERVE):
        promises = promises_of(viewer, at=at)
        context |= {
            "load": day.load(viewer, at=at), "lines": (lines := day.mine(viewer, at=at)), "wait": day.wait(lines),
            "promises": promises, "ribbon": day_ribbon(promises.clocks, at=at),
        }  # fmt: skip
    context["notices"] = notices_of(viewer).filter(read_at=None).order_by("-at", "-id")[:5]
    return page(request, "front/today.html", context)


@any_staff
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """One's own figures of this month; the day's page fetches them when it stands, for they take a moment."""
    context = {"figures": own(request.user, day_of(now()))}
    return page(request, "front/figures.html", context, part="front/_own_figures.html")
