"""When something fails: the reader keeps the words and gets a number, the administrator finds it in the log.

The log names where it failed, never what was typed: neither values nor messages of exceptions, which may hold some.
"""

import logging
import secrets
import sys
import traceback
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.translation import get_language

from shouxin.core.context import HTML_LANG, SHEETS

LOG = logging.getLogger("shouxin.incident")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TOKEN = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: what people wrote is shown, everything else goes along unseen; never a password."""

    written: list[tuple[str, str]] = field(default_factory=list)
    along: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def is_keyed(self) -> bool:
        """Whether the form brought the key by which it is done once."""
        return any(name == "key" for name, _value in self.along)

    def __bool__(self) -> bool:
        return bool(self.written or self.files)


def is_from_here(request: HttpRequest) -> bool:
    """Whether the form was on a page of ours: only then it is offered to be sent once more by a click."""
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def typed(request: HttpRequest) -> Typed:
    """What this form brought along; nothing where it can't be read."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = [file.name for name in request.FILES for file in request.FILES.getlist(name)]
    except (SuspiciousOperation, UnreadablePostError, ValueError):
        return Typed()
    secret = {name for name, _value in fields if "password" in name or name == TOKEN}
    if secret - {TOKEN}:
        secret.add("again")
    told = [(name, value) for name, value in fields if name not in secret]
    written = [pair for pair in told if _is_written(pair[1])]
    return Typed(written, [pair for pair in told if pair not in written], files)


def _is_written(value: str) -> bool:
    """Whether a person wrote this, not a list or a hidden field."""
    return any(c.isspace() or c == "@" or not c.isascii() for c in value)


def keeps_its_page(request: HttpRequest) -> bool:
    """Whether a script asks, which leaves the form where it is and only shows what we say."""
    return "HX-Request" in request.headers or "X-Requested-With" in request.headers


def words_kept(request: HttpRequest, title: str, text: str, *, status: int, sign_in: str = "") -> HttpResponse:
    """A page that needs nothing which may have failed: what happened, and what was typed, to be sent once more."""
    if keeps_its_page(request):
        return said(text, status)
    kept = typed(request) if request.method == "POST" else Typed()
    context = {
        "title": title, "text": text, "kept": kept, "sheets": _sheets(), "path": request.get_full_path(),
        "sign_in": sign_in, "token": get_token(request) if kept and is_from_here(request) else "",
        "html_lang": HTML_LANG.get(get_language() or settings.LANGUAGE_CODE, "zh-Hant-TW"),
    }  # fmt: skip
    response = HttpResponse(get_template("core/500.html").render(context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def said(text: str, status: int) -> HttpResponse:
    """For a script that keeps the form on the page: the sentence alone."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _sheets() -> list[str]:
    try:
        return [static(sheet) for sheet in SHEETS]
    except ValueError:  # without collected files it is plain, but there
        return []


def report(request: HttpRequest) -> str:
    """Log the exception at hand under a new number, which the reader is told."""
    number = "".join(secrets.choice(LETTERS) for _position in range(6))
    kind, problem, _trace = sys.exc_info()
    match = getattr(request, "resolver_match", None)
    LOG.error(
        "%s %s /%s: %s at %s", number, request.method, match.route if match else "", kind.__name__ if kind else "?",
        " < ".join(_frames(problem)),
    )  # fmt: skip
    return number


def _frames(problem: BaseException | None) -> list[str]:
    """Where it happened, the innermost first: files, lines and names, no values."""
    frames = traceback.extract_tb(problem.__traceback__) if problem else []
    root = f"{settings.BASE_DIR}/"
    return [f"{frame.filename.removeprefix(root)}:{frame.lineno} {frame.name}" for frame in reversed(frames)][:12]
