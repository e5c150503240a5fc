"""While nobody has moved in, every page leads to the first-run page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_only_middleware

from shouxin.people import moving_in

Answer = Callable[[HttpRequest], HttpResponse]
# What is asked by machines, and what the first-run page itself needs.
OPEN = ("/setup/", "/healthz", "/metrics", "/language/")


@sync_only_middleware
def setup_first(get_response: Answer) -> Answer:
    """Nothing works without a company, so the way there is shown instead of an empty house."""

    def answer(request: HttpRequest) -> HttpResponse:
        is_open = request.path.startswith((*OPEN, f"/{settings.STATIC_URL.lstrip('/')}"))
        if is_open or moving_in.is_founded():
            return get_response(request)
        return redirect(reverse("people:setup"))

    return answer
