"""Following a case by its secret link: the same clocks as the staff see, and the conversation once unlocked."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.contrib import messages as toasts
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shouxin.cases.kit import note_damage, receive
from shouxin.cases.models import Attachment, Case, Direction
from shouxin.cases.queries import visible_to
from shouxin.cases.rules import SERVE
from shouxin.complaints.models import FinalLetter
from shouxin.core import files
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.limits import door_of_address, is_too_often
from shouxin.core.links import link_for
from shouxin.core.pages import back, page
from shouxin.core.rights import needs, public
from shouxin.core.submissions import key_kept, repeatable
from shouxin.portal import actions, queries, reading, rules
from shouxin.portal.forms import FindForm, MessageForm, RenewalForm, UnlockForm
from shouxin.portal.jobs import send_link
from shouxin.portal.unlocking import is_unlocked, unlock_for


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the case its link opens; for a wrong, replaced or expired link there is one kind page."""

    @wraps(view)
    def opened(request: HttpRequest, number: str, secret: str, **more: Any) -> HttpResponse:
        case = queries.case_by_link(number, secret, now())
        if case is None:
            return page(request, "portal/gone.html", status=404)
        response = view(request, case, secret, **more)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return opened


def by_customer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not from a browser in which a colleague is signed in: nobody here unlocks or writes as the customer."""

    @wraps(view)
    def checked(request: HttpRequest, case: Case, secret: str, **more: Any) -> HttpResponse:
        if request.user.is_authenticated:
            actions.note_staff(case, by=request.user)
            raise Refused(_("You are signed in as staff. Only the customer reads and writes here; this was recorded."))
        return view(request, case, secret, **more)

    return checked


def _shown(request: HttpRequest, case: Case, secret: str, **more: Any) -> dict[str, Any]:
    unlocked = is_unlocked(request, case) and not request.user.is_authenticated
    return {
        "case": case, "secret": secret, "unlocked": unlocked, "is_new": "new" in request.GET,
        "seen": reading.seen_by_customer(case, now(), with_words=unlocked),
        "datum": queries.asked_datum(case), "is_locked": actions.is_locked(case),
        "unlock_form": UnlockForm(), "message_form": MessageForm(), **more,
    }  # fmt: skip


@public
@never_cache
@require_GET
@by_link
def follow(request: HttpRequest, case: Case, secret: str) -> HttpResponse:
    """The customer's page of a case."""
    return page(request, "portal/follow.html", _shown(request, case, secret))


@public
@require_POST
@by_link
@by_customer
@repeatable("each wrong answer counts, also the same one again")
def unlocking(request: HttpRequest, case: Case, secret: str) -> HttpResponse:
    """One known datum opens the personal content."""
    form = UnlockForm(request.POST)
    text = _("Please fill in the answer.")
    if form.is_valid():
        try:
            if actions.unlock(case, answer=form.cleaned_data["answer"]):
                response = back(request, reverse("portal:follow", args=[case.number, secret]))
                unlock_for(response, case, queries.present_nonce(case))
                return response
            text = _("This does not match what we have on file. Please check it, or call us.")
        except actions.Locked:
            text = ""
    form.add_error("answer", text) if text else None
    return page(request, "portal/follow.html", _shown(request, case, secret, unlock_form=form), status=422)


@public
@require_POST
@by_link
@by_customer
@key_kept("Touch")
def messages(request: HttpRequest, case: Case, secret: str) -> HttpResponse:
    """The customer adds words or papers."""
    form = MessageForm(request.POST, request.FILES)
    if is_unlocked(request, case) and form.is_valid() and _is_too_often(request, case):
        form.add_error(None, _("Many messages have come in the past hour. Please call us, or send it later."))
        shown = _shown(request, case, secret, message_form=form)
        return page(request, "portal/follow.html", shown, status=429)
    stored = form.stored_files() if is_unlocked(request, case) and form.is_valid() else ()
    if not is_unlocked(request, case) or not form.is_valid():
        return page(request, "portal/follow.html", _shown(request, case, secret, message_form=form), status=422)
    given = form.cleaned_data
    receive(case, body=given["body"] or _("(files only)"), channel="web", key=given["key"], files=stored)
    return back(request, reverse("portal:follow", args=[case.number, secret]) + "?new=1#conversation")


def _is_too_often(request: HttpRequest, case: Case) -> bool:
    """Per case and per address, so that neither one link nor one machine fills the disk."""
    at = now()
    by_case = is_too_often(f"message:{case.number}", at, most=rules.MESSAGES_PER_CASE)
    for _file in request.FILES.getlist("files"):
        by_case = is_too_often(f"file:{case.number}", at, most=rules.FILES_PER_CASE) or by_case
    return is_too_often(door_of_address("message", request, at), at, most=rules.MESSAGES_PER_ADDRESS) or by_case


@public
@never_cache
@require_GET
@by_link
def letter(request: HttpRequest, case: Case, secret: str, key: int) -> HttpResponse:
    """A final letter as it was sent, for who has shown that the case is his."""
    if not is_unlocked(request, case) or request.user.is_authenticated:
        return back(request, reverse("portal:follow", args=[case.number, secret]) + "#unlock")
    found = get_object_or_404(FinalLetter.objects.exclude(checksum=""), pk=key, complaint__case=case)
    try:
        content = BytesIO(files.read(found.checksum))
    except files.FileDamaged as damage:
        note_damage(found.checksum)
        raise Http404 from damage
    return FileResponse(content, as_attachment=True, filename=found.file, content_type="application/pdf")


@public
@never_cache
@require_GET
@by_link
def file(request: HttpRequest, case: Case, secret: str, key: int) -> HttpResponse:
    """A file of the conversation, sent by us or by the customer, for whoever has shown that the case is theirs."""
    if not is_unlocked(request, case) or request.user.is_authenticated:
        return back(request, reverse("portal:follow", args=[case.number, secret]) + "#unlock")
    of_customer = Attachment.objects.filter(touch__case=case, erased_at=None).exclude(
        touch__direction=Direction.INTERNAL
    )
    found = get_object_or_404(of_customer, pk=key)
    try:
        content = BytesIO(files.read(found.checksum))
    except files.FileDamaged as damage:
        note_damage(found.checksum)
        raise Http404 from damage
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=found.media_type)


@needs(SERVE)
@require_POST
def link_sending(request: HttpRequest, number: str) -> HttpResponse:
    """The link once more to the customer's address."""
    case = get_object_or_404(visible_to(request.user), number=number)
    try:
        actions.send_link_again(case, by=request.user)
        toasts.success(request, _("The link will be sent to the customer's e-mail address."))
    except Refused as refusal:
        toasts.warning(request, str(refusal))
    return back(request, link_for(case.ref) or reverse("portal:door"))


@needs(SERVE)
@require_POST
def renewal(request: HttpRequest, number: str) -> HttpResponse:
    """A new link instead of the old one, with the reason."""
    case = get_object_or_404(visible_to(request.user), number=number)
    form = RenewalForm(request.POST)
    if form.is_valid():
        actions.renew_link(case, by=request.user, reason=form.cleaned_data["reason"])
        toasts.success(request, _("The link has been replaced. The next letter will carry the new one."))
    else:
        toasts.warning(request, _("One step left: please write why the link is replaced."))
    return back(request, link_for(case.ref) or reverse("portal:door"))


@public
@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Where a customer who lost the link asks for it. The answer is the same whether or not such a case exists."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = now()
        if is_too_often(door_of_address("lost", request, at), at, most=rules.LOST_LINKS_PER_ADDRESS):
            form.add_error(None, _("You have asked for links many times in the past hour. Please call us."))
            return page(request, "portal/lost.html", {"form": form}, status=429)
        send_link(**form.cleaned_data)
        return back(request, reverse("portal:lost") + "?sent=1")
    context = {"form": form, "is_sent": "sent" in request.GET and not form.is_bound}
    return page(request, "portal/lost.html", context, status=422 if form.is_bound else 200)
