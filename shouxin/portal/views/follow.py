"""Following a case by its secret link: the same clocks as the staff see, and the conversation once unlocked."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouxin.cases.actions import receive
from shouxin.cases.models import Case
from shouxin.core.clock import now
from shouxin.core.pages import back, page
from shouxin.core.rights import public
from shouxin.portal import actions, queries, reading
from shouxin.portal.forms import FindForm, MessageForm, UnlockForm
from shouxin.portal.jobs import send_link
from shouxin.portal.unlocking import is_unlocked, unlock_for


def _case_or_404(number: str, secret: str) -> Case:
    case = queries.case_by_link(number, secret, now())
    if case is None:
        raise Http404(_("This link does not open a case (any more). Ask us for a new one."))
    return case


def _shown(request: HttpRequest, case: Case, secret: str, **more: Any) -> dict[str, Any]:
    unlocked = is_unlocked(request, case)
    return {
        "case": case, "secret": secret, "unlocked": unlocked, "is_new": "new" in request.GET,
        "seen": reading.seen_by_customer(case, now(), with_words=unlocked),
        "datum": queries.asked_datum(case), "is_locked": actions.is_locked(case),
        "unlock_form": UnlockForm(), "message_form": MessageForm(), **more,
    }  # fmt: skip


@public
@never_cache
@require_GET
def follow(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The customer's page of a case."""
    case = _case_or_404(number, secret)
    response = page(request, "portal/follow.html", _shown(request, case, secret))
    response["Referrer-Policy"] = "no-referrer"
    return response


@public
@require_POST
def unlocking(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """One known datum opens the personal content."""
    case = _case_or_404(number, secret)
    form = UnlockForm(request.POST)
    text = _("Please fill in the answer.")
    if form.is_valid():
        try:
            if actions.unlock(case, answer=form.cleaned_data["answer"]):
                response = back(request, reverse("portal:follow", args=[case.number, secret]))
                unlock_for(response, case)
                return response
            text = _("This is not what we have on file. Look again, or call us.")
        except actions.Locked:
            text = ""
    form.add_error("answer", text) if text else None
    return page(request, "portal/follow.html", _shown(request, case, secret, unlock_form=form), status=422)


@public
@require_POST
def messages(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """The customer adds words or papers."""
    case = _case_or_404(number, secret)
    form = MessageForm(request.POST, request.FILES)
    if not is_unlocked(request, case) or not form.is_valid():
        return page(request, "portal/follow.html", _shown(request, case, secret, message_form=form), status=422)
    given = form.cleaned_data
    receive(
        case, body=given["body"] or _("(files only)"), channel="web", key=given["key"], files=tuple(given["files"])
    )  # fmt: skip
    return back(request, reverse("portal:follow", args=[case.number, secret]) + "?new=1#conversation")


@public
@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Where a customer who lost the link asks for it. The answer is the same whether or not such a case exists."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_link(**form.cleaned_data)
        return page(request, "portal/lost.html", {"form": form, "is_sent": True})
    return page(request, "portal/lost.html", {"form": form}, status=422 if form.is_bound else 200)
