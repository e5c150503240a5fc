"""Rights: who may do what, as rules that a page can show and a test can walk.

A right is registered once, with the posts and functions it belongs to. A view bears exactly one of
``@needs(RIGHT)``, ``@any_staff`` or ``@public``; an action asks ``require(...)``. Each of the three also sees to it
that a form is done once (`core.submissions`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from shouxin.core.submissions import once

View = Callable[..., HttpResponse]


class NotAllowed(PermissionDenied):
    """Refused, with a sentence for the person who asked."""


@dataclass(frozen=True)
class Right:
    code: str
    label: str | LazyText
    posts: frozenset[str]
    functions: frozenset[str]


RIGHTS: dict[str, Right] = {}


def right(code: str, label: str | LazyText, *, posts: str = "", functions: str = "") -> Right:
    """Register a right held by `posts` ("CT CC") and by `functions` ("hr admin"). Codes are unique."""
    if code in RIGHTS:
        raise ValueError(f"the right {code!r} is registered twice")
    RIGHTS[code] = Right(code, label, frozenset(posts.split()), frozenset(functions.split()))
    return RIGHTS[code]


def require(allowed: bool, text: str | LazyText = "") -> None:
    """Go on, or raise NotAllowed with a kind text."""
    if not allowed:
        raise NotAllowed(str(text or _("This is not part of your duties. If it should be, ask your team leader.")))


def needs(needed: Right) -> Callable[[View], View]:
    """A page for those who hold the right."""

    def wrap(view: View) -> View:
        done = once(view)

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request.user.is_authenticated and request.user.has(needed))
            return done(request, *args, **kwargs)

        checked.access = needed
        return checked

    return wrap


def any_staff(view: View) -> View:
    """A page for everyone who is signed in; what it shows is filtered by `visible_to`."""
    return _open_to("staff", view)


def public(view: View) -> View:
    """A page for anyone, signed in or not."""
    return _open_to("public", view)


def _open_to(whom: str, view: View) -> View:
    answered = once(view)
    answered.access = whom
    return answered
