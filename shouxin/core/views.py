import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.crypto import constant_time_compare
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language
from prometheus_client import CONTENT_TYPE_LATEST

from shouxin.core import health, metrics
from shouxin.core.clock import now
from shouxin.core.context import keep_language
from shouxin.core.failing import report, words_kept
from shouxin.core.retrying import is_away
from shouxin.core.rights import public
from shouxin.core.submissions import ASIDE, repeatable

COMPACT = {"separators": (",", ":")}
SHORT = 40  # a value as short as this and without blanks is a code, not words
# Whatever a proxy may say about whom it speaks for.
HANDED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "Via", "X-Client-Ip",
             "True-Client-Ip", "Cf-Connecting-Ip", "X-Forwarded-Server")  # fmt: skip
LOOPBACK = {"127.0.0.1", "::1"}


@public
@require_POST
@repeatable("choosing the same language again changes nothing")
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages: for this browser, and for who is signed in."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        keep_language(request.user, chosen)
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
    # Jobs that were set aside and a disk that fills are told, but keep nobody from being served.
    is_served = all(state == "ok" for part, state in parts.items() if (part, state) not in health.WARNINGS)
    return JsonResponse(parts, status=200 if is_served else 503, json_dumps_params=COMPACT)


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
    handed_on = any(name in request.headers for name in HANDED_ON)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not handed_on


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What came can't be read, whatever the browser or its sender meant by it."""
    if isinstance(exception, RequestDataTooBig):
        return render(
            request, "core/too_large.html", {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20}, status=413
        )
    return render(request, "core/400.html", status=400)


@public
@never_cache
@repeatable("only tells why a body was not taken")
def not_taken(request: HttpRequest, status: int) -> HttpResponse:
    """Why a body was not taken, before any page read it (config/bodies.py)."""
    pages = {413: "core/too_large.html", 408: "core/too_slow.html", 507: "core/no_room.html"}
    if status not in pages:
        return not_found(request)
    return render(request, pages[status], status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not among this person's duties."""
    return render(request, "core/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not for this reader: both look alike."""
    return render(request, "core/404.html", status=404)


def key_reused(request: HttpRequest) -> HttpResponse:
    """The form was sent before with other words: what was typed now is kept on a page that can send it as a new one."""
    return _sent_with_a_fresh_key(request, {
        "title": _("This form was sent before, with other words"), "send": _("Send it as a new one"),
        "text": _("What was sent the first time has been received. What you wrote now has not been sent yet; it stands "
                  "below."),
    }, status=409)  # fmt: skip


def key_missing(request: HttpRequest) -> HttpResponse:
    """The form came without its key: what was typed is kept on a page that has one."""
    return _sent_with_a_fresh_key(request, {
        "title": _("Please send it once more"), "send": _("Send it now"),
        "text": _("Nothing was sent yet: the form came without its mark, by which we see whether it was sent before. "
                  "What you wrote stands below."),
    }, status=422)  # fmt: skip


def _sent_with_a_fresh_key(request: HttpRequest, told: dict, *, status: int) -> HttpResponse:
    typed = [
        (name, value, "\n" in value or " " in value.strip() or len(value) > SHORT or not value.isascii())
        for name, values in request.POST.lists() if name not in ASIDE and "password" not in name
        for value in values if value
    ]  # fmt: skip
    is_htmx = bool(getattr(request, "htmx", False))
    context = told | {"typed": typed, "had_files": bool(request.FILES), "action": request.get_full_path()}
    response = render(request, "core/key_reused.html", context, status=422 if is_htmx else status)
    if is_htmx:  # only a 422 is put into the page
        response.headers |= {"HX-Retarget": "#main", "HX-Reswap": "innerHTML", "HX-Reselect": "#key-reused"}
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed: a number for the administrator, and what was typed. Without a database one only waits."""
    if is_away(sys.exc_info()[1]):
        report(request)
        text = _("The database can't be reached at the moment. Please wait half a minute, then look whether it was "
                 "saved before you send it again.")  # fmt: skip
        response = words_kept(request, _("Please wait a moment"), text, status=503)
        response["Retry-After"] = "20"
        return response
    text = _why_broken(request) % {"number": report(request)}
    if health.disk() == "full":
        text = _("The disk of this server is full, so nothing was saved. Please tell the administrator to make room, "
                 "then send it again.")  # fmt: skip
    return words_kept(request, _("This page doesn't work at the moment"), text, status=500)


def _why_broken(request: HttpRequest) -> str:
    """What is so: a page that is only read changes nothing, and a form changed nothing if its transaction is undone."""
    if request.method in ("GET", "HEAD"):
        return _("This page can't be opened. What was saved before stays saved. Please try again; if it happens again, "
                 "tell the administrator this number: %(number)s")  # fmt: skip
    if getattr(request, "is_undone", False):
        return _("Something failed, and nothing was changed. Please try again; if it happens again, tell the "
                 "administrator this number: %(number)s")  # fmt: skip
    return _("Something failed. Please look first whether it was saved, before you send it again; tell the "
             "administrator this number: %(number)s")  # fmt: skip


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or the form came from elsewhere."""
    text = _("This page was open too long to be sent safely. Nothing was sent yet; please send it again.")
    return words_kept(request, _("Please send it again"), text, status=403)
