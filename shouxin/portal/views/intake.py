"""A request without an account: asked, received, acknowledged with a number and a secret link."""

import secrets
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shouxin.cases.kit import open_case
from shouxin.cases.models import Case
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.core.files import Stored
from shouxin.core.limits import door_of_address, knock
from shouxin.core.pages import page
from shouxin.core.rights import public
from shouxin.core.submissions import key_kept
from shouxin.portal import queries, rules
from shouxin.portal.forms import RequestForm
from shouxin.portal.unlocking import unlock_for

BROWSER = "asker"


@public
@require_GET
def door(request: HttpRequest) -> HttpResponse:
    """Where a customer begins: ask, complain, or follow what was asked."""
    return page(request, "portal/door.html")


@public
@require_http_methods(["GET", "POST"])
@key_kept("the first Touch of the case")
def ask(request: HttpRequest) -> HttpResponse:
    """The public form. What was typed is never lost: a mistake shows the form again, filled in."""
    about = {"service": request.GET.get("about", "")}
    form = RequestForm(request.POST or None, request.FILES or None, initial=about)
    if request.method == "POST" and form.is_valid():
        if form.is_from_a_machine:
            return redirect("portal:door")
        if _is_too_often(request):
            return _later(request, form)
        files = form.stored_files()
        if form.is_valid():
            began, browser = now(), request.get_signed_cookie(BROWSER, "") or secrets.token_hex(16)
            return _knowing(browser, _to_case(_take_in(form, files, browser), began))
    answer = page(request, "portal/ask.html", {"form": form}, status=422 if form.is_bound else 200)
    return _knowing(request.get_signed_cookie(BROWSER, "") or secrets.token_hex(16), answer)


def _knowing(browser: str, response: HttpResponse) -> HttpResponse:
    """Let the browser say next time that it is the same: only the one that sent a request is answered with its link."""
    response.set_signed_cookie(
        BROWSER, browser, path=reverse("portal:ask"), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _is_too_often(request: HttpRequest) -> bool:
    at = now()
    return knock(door_of_address("intake", request, at), at, may_be_lost=True) > rules.intake_per_hour()


def _later(request: HttpRequest, form: RequestForm) -> HttpResponse:
    """Enough for this hour: what was typed stays in the form."""
    form.add_error(
        None,
        _("We have received many requests from your network in the past hour. Please call us, or try again later."),
    )
    response = page(request, "portal/ask.html", {"form": form, "is_too_often": True}, status=429)
    response["Retry-After"] = "3600"
    return response


def _take_in(form: RequestForm, files: tuple[Stored, ...], browser: str) -> Case:
    given, policy = form.cleaned_data, form.policy()
    body, number = given["body"], given["policy_number"].strip()
    if number and policy is None:
        body += "\n\n" + _("Policy number as given: %(number)s") % {"number": number}
    return open_case(
        by=None, service=given["service"], channel="web", subject=given["subject"], body=body,
        branch=queries.office_for(policy), policy=policy,
        claimant=Claimant(name=given["name"], phone=given["phone"], email=given["email"]),
        language=get_language() or "zh-hant", key=given["key"], files=files, browser=browser,
    )  # fmt: skip


def _to_case(case: Case, began: datetime) -> HttpResponseRedirect:
    # Sent a second time, it may be a case whose link was replaced since.
    nonce = "" if case.opened_at >= began else queries.present_nonce(case)
    secret = rules.secret_of(case, nonce)
    response = HttpResponseRedirect(reverse("portal:follow", args=[case.number, secret]) + "?new=1", status=303)
    unlock_for(response, case, nonce)
    return response
