"""How the house is seen and by what its mail leaves: the logo, the mail server, a test mail."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouxin.core.pages import back, page
from shouxin.core.rights import needs, public
from shouxin.people import mailing, organisation
from shouxin.people.forms import LogoForm, MailForm
from shouxin.people.logo import logo, remove_logo, set_logo
from shouxin.people.models import Company
from shouxin.people.rules import SETTINGS


@public
@require_safe
def picture(request: HttpRequest, checksum: str) -> HttpResponse:
    """The logo; its address changes with it, so it may be kept for long."""
    found = logo()
    if found is None or not found.checksum.startswith(checksum):
        raise Http404
    response = HttpResponse(found.content, content_type=found.media_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


@needs(SETTINGS)
def logo_page(request: HttpRequest) -> HttpResponse:
    """Choose a logo, or take it away."""
    if request.method == "POST" and "remove" in request.POST:
        remove_logo(by=request.user)
        return back(request, reverse("people:logo"))
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        set_logo(*form.cleaned_data["logo"], by=request.user)
        messages.success(request, _("Saved."))
        return back(request, reverse("people:logo"))
    return page(request, "people/logo.html", {"form": form}, status=422 if form.errors else 200)


@needs(SETTINGS)
def mail(request: HttpRequest) -> HttpResponse:
    """By which server mail leaves."""
    company, server = get_object_or_404(Company), mailing.server()
    form = MailForm(request.POST or None, instance=company)
    is_given = bool(server and server.is_given)
    if request.method == "POST" and not is_given and form.is_valid():
        if form.cleaned_data["password"]:
            mailing.keep_password(form.cleaned_data["password"])
        organisation.save_setting(form.save(commit=False), by=request.user, changed=form.changed_data)
        messages.success(request, _("Saved. Send a test mail to see that it works."))
        return back(request, reverse("people:mail"))
    context = {"form": form, "server": server, "is_given": is_given, "sender": mailing.shown_sender()}
    return page(request, "people/mail.html", context, status=422 if form.errors else 200)


@needs(SETTINGS)
@require_POST
def mail_test(request: HttpRequest) -> HttpResponse:
    """A test mail to an address of one's choice; the answer of the server is told in words."""
    to = request.POST.get("to", "").strip() or request.user.email
    try:
        validate_email(to)
    except ValidationError:
        messages.error(request, _("Please write the e-mail address the test mail should go to."))
        return back(request, reverse("people:mail"))
    if why := mailing.try_mail(to):
        messages.error(request, _("The test mail was not sent: %(why)s") % {"why": why})
    elif mailing.server() is None:
        messages.warning(request, _("No mail server is set: the test mail lies as a file on this server."))
    else:
        messages.success(request, _("The mail server took the test mail to %(to)s.") % {"to": to})
    return back(request, reverse("people:mail"))
