"""What stands before every page: the reader's language, the need to sign in, and kind refusals."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.decorators import sync_only_middleware
from django.utils.translation import gettext as _

from shouxin.core import live
from shouxin.core.failing import keeps_its_page, report, said, words_kept
from shouxin.core.guards import Refused
from shouxin.core.incoming import holds_nul, tidy
from shouxin.core.kept import one_reading
from shouxin.core.pages import page_above
from shouxin.core.retrying import is_taken, is_undone, run_again
from shouxin.core.rights import NotAllowed
from shouxin.core.submissions import KeyMissing, KeyReused
from shouxin.core.views import bad_request, key_missing, key_reused

Answer = Callable[[HttpRequest], HttpResponse]


@sync_only_middleware
def staff_preferences(get_response: Answer) -> Answer:
    """A signed-in person reads in the language of the profile, wherever the browser was set up."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = ""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            language = request.user.language
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return get_response(request)

    return answer


@sync_only_middleware
def one_moment(get_response: Answer) -> Answer:
    """An answer asks once whether what is kept in memory still holds."""

    def answer(request: HttpRequest) -> HttpResponse:
        with one_reading():
            return get_response(request)

    return answer


@sync_only_middleware
def keep_no_copies(get_response: Answer) -> Answer:
    """No browser and no proxy keeps a copy of a page: what stands on it is somebody's, and Back must not show it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


@sync_only_middleware
def end_following(get_response: Answer) -> Answer:
    """Who has signed out follows nothing any more, nor does the next person at this browser."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if live.COOKIE in request.COOKIES and not request.user.is_authenticated:
            response.delete_cookie(live.COOKIE, samesite="Lax")
        return response

    return answer


class login_unless_public:  # noqa: N801 - reads as a word in the settings
    """Everything needs a login unless the view says `@public`."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if getattr(view, "access", None) == "public" or request.user.is_authenticated:
            return None
        if request.method in ("GET", "HEAD") and not keeps_its_page(request):
            return redirect_to_login(request.get_full_path())
        text = _("You are signed out, so this was not saved. What you wrote is still here: sign in in a new tab, then "
                 "send it again.")  # fmt: skip
        response = words_kept(request, _("Not saved: you are signed out"), text, status=401, sign_in=resolve_url("/"))
        response["X-Signed-Out"] = "1"
        return response


class kind_refusals:  # noqa: N801
    """A refusal is a page that says what happened, what is safe and what to do; a deadlock is tried once more."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method in ("GET", "HEAD") and not keeps_its_page(request):
            return redirect(page_above(request.path))  # signed in again, or reloaded: to the page with the form
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if is_undone(problem):
            try:
                return run_again(request)
            except Exception as second:  # noqa: BLE001 - told below, or by the page for what failed
                problem = second
        if is_taken(problem) and request.method == "POST":
            report(request)
            text = _("Something of this name or number is there already, so this was not saved. Please look first; "
                     "what you wrote is still here.")  # fmt: skip
            return words_kept(request, _("There already"), text, status=422)
        if isinstance(problem, KeyReused):
            return key_reused(request)
        if isinstance(problem, KeyMissing):
            return key_missing(request)
        if isinstance(problem, NotAllowed | Refused):
            status, title = 409, _("Not allowed at the moment")
            if isinstance(problem, NotAllowed):
                status, title = 403, _("Outside your duties")
            if keeps_its_page(request):
                return said(str(problem), status)
            return render(request, "core/refused.html", {"text": str(problem), "title": title}, status=status)
        if isinstance(problem, DataError) and request.method in ("GET", "HEAD"):
            return bad_request(request)  # the address names something that no column could hold
        if isinstance(problem, DataError | ValueError) and holds_nul(request.POST.values()):
            text = _("Your text holds a character that is no text (NUL). Please take it out and send it again.")
            return words_kept(request, _("Please send it again"), text, status=422)
        return None


class readable_requests:  # noqa: N801
    """What no database can keep is refused at the door; a form arrives as it was typed."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = (request.path, *(part for pair in request.GET.lists() for part in (pair[0], *pair[1])))
        return bad_request(request) if holds_nul(asked) else self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if request.method != "POST":
            return
        tidied = {name: [tidy(value) for value in values] for name, values in request.POST.lists()}
        if any(request.POST.getlist(name) != values for name, values in tidied.items()):
            post = request.POST.copy()
            for name, values in tidied.items():
                post.setlist(name, values)
            post._mutable = False
            request.POST = post
