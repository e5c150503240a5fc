from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language
from prometheus_client import CONTENT_TYPE_LATEST

from shouxin.core import health, metrics
from shouxin.core.clock import now
from shouxin.core.failing import report, words_kept
from shouxin.core.rights import public
from shouxin.core.submissions import ASIDE

COMPACT = {"separators": (",", ":")}
SHORT = 40  # a value as short as this and without blanks is a code, not words
LOOPBACK = {"127.0.0.1", "::1"}


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages for this browser."""
    return set_language(request)


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The seal, for browsers that ask by the old name: beside a file, or a page that names none."""
    return HttpResponseRedirect(static("core/favicon.svg"))


@public
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when every part is ready, else 503 with the part that is not."""
    parts = health.parts(now())
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503, json_dumps_params=COMPACT)


@public
@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: for this machine itself, or for who brings the token."""
    if not (_brings_token(request) or _is_from_here(request)):
        return HttpResponseForbidden(_("These figures can be read only on this server, or with the token."))
    return HttpResponse(metrics.page(), content_type=CONTENT_TYPE_LATEST)


def _brings_token(request: HttpRequest) -> bool:
    token = settings.SHOUXIN_METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")


def _is_from_here(request: HttpRequest) -> bool:
    # A proxy on this machine speaks for people elsewhere: what it hands on is not from here.
    handed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not handed_on


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not among this person's duties."""
    return render(request, "core/403.html", status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not for this reader: both look alike."""
    return render(request, "core/404.html", status=404)


@public
def key_reused(request: HttpRequest) -> HttpResponse:
    """The form was sent before with other words: what was typed now is kept on a page that can send it as a new one."""
    typed = [
        (name, value, "\n" in value or " " in value.strip() or len(value) > SHORT)
        for name, values in request.POST.lists() if name not in ASIDE and "password" not in name
        for value in values if value
    ]  # fmt: skip
    is_htmx = bool(getattr(request, "htmx", False))
    context = {"typed": typed, "had_files": bool(request.FILES), "action": request.get_full_path()}
    response = render(request, "core/key_reused.html", context, status=422 if is_htmx else 409)
    if is_htmx:  # only a 422 is put into the page
        response.headers |= {"HX-Retarget": "#main", "HX-Reswap": "innerHTML", "HX-Reselect": "#key-reused"}
    return response


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was asked can't be read."""
    return render(request, "core/400.html", status=400)


@public
def broken(request: HttpRequest) -> HttpResponse:
    """Something failed: a number for the administrator, and what was typed."""
    text = _("Something failed, and nothing was changed. Please try again; if it happens again, tell the administrator "
             "this number: %(number)s") % {"number": report(request)}  # fmt: skip
    return words_kept(request, _("This page doesn't work at the moment"), text, status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or the form came from elsewhere."""
    text = _("This page was open too long to be sent safely. Nothing was sent yet; please send it again.")
    return words_kept(request, _("Please send it again"), text, status=403)
