"""The live board of a team, for a screen on the wall."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shouxin.core.clock import day_of, now
from shouxin.core.pages import page
from shouxin.core.rights import any_staff, require
from shouxin.measures import overview, rules
from shouxin.measures.forms import sources
from shouxin.people.models import Team


@any_staff
def board(request: HttpRequest, team: str) -> HttpResponse:
    found = get_object_or_404(Team.objects.select_related("branch"), code=team)
    require(rules.may_see_board(request.user, found))
    at = now()
    context = {"board": overview.board(found, request.user, day_of(at), sources(request.GET)), "at": at}
    return page(request, "measures/board.html", context, part="measures/_board.html")
