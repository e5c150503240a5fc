from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from shouxin.core.rights import public


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages for this browser."""
    return set_language(request)
