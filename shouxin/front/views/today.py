"""The page everybody begins with."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouxin.cases.rights import SEE, SERVE
from shouxin.core.clock import local, now
from shouxin.core.pages import page
from shouxin.core.rights import public
from shouxin.front import day
from shouxin.front.duties import duties
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
        context |= {"load": day.load(viewer, at=at), "lines": day.mine(viewer, at=at)}
    context |= {
        "sees_cases": viewer.has(SEE),
        "notices": list(notices_of(viewer).filter(read_at=None).order_by("-at", "-id")[:5]),
    }
    return page(request, "front/today.html", context)
