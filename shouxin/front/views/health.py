"""How the house is."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shouxin.core.clock import now
from shouxin.core.pages import page
from shouxin.core.rights import needs
from shouxin.front.health import HEALTH, house


@needs(HEALTH)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    at = now()
    return page(request, "front/health.html", {"house": house(at), "at": at})
