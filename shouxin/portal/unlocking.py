"""Whether this browser has shown that it knows the datum: a signed cookie that is sent to this case's pages alone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shouxin.cases.models import Case
from shouxin.portal.queries import present_nonce
from shouxin.portal.rules import UNLOCKED_FOR

COOKIE = "unlocked"


def unlock_for(response: HttpResponse, case: Case, nonce: str) -> None:
    """Let this browser read the personal content of the case for some hours; `nonce` is that of its present link."""
    response.set_signed_cookie(
        COOKIE, f"{case.number}:{nonce}", max_age=int(UNLOCKED_FOR.total_seconds()),
        path=f"/follow/{case.number}/", httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def is_unlocked(request: HttpRequest, case: Case) -> bool:
    held = request.get_signed_cookie(COOKIE, default="", max_age=int(UNLOCKED_FOR.total_seconds()))
    return held == f"{case.number}:{present_nonce(case)}"
