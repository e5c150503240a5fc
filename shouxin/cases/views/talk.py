"""What is said in a case: the composer, its draft, its files."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.cases import actions, queries
from shouxin.cases.forms import CALL, NOTE, TouchForm
from shouxin.cases.models import Attachment, Case, Draft
from shouxin.cases.rights import SEE
from shouxin.cases.rules import fill
from shouxin.cases.story import answer_clock, template_values
from shouxin.cases.views.page import composer, find, shown, whole
from shouxin.core.audience import Audience
from shouxin.core.clock import local, now
from shouxin.core.files import store
from shouxin.core.guards import Refused
from shouxin.core.pages import back, part
from shouxin.core.rights import needs
from shouxin.people.queries import company
from shouxin.promises.queries import clocks_about


@needs(SEE)
@require_POST
def touches(request: HttpRequest, number: str) -> HttpResponse:
    """An answer, a call taken down, or a note."""
    case = find(request, number)
    clocks = clocks_about(case.ref, at=now(), audience=Audience.STAFF)
    form = composer(case, request.user, clocks, request.POST, request.FILES)
    if form.is_valid():
        try:
            done = _said(case, form)
        except Refused as refusal:
            form.add_error("body", str(refusal))
        else:
            messages.success(request, done)
            return back(request, reverse("cases:page", args=[case.number]))
    if request.htmx:
        return part(request, "cases/_composer.html", whole(request, case, composer=form), status=422)
    return shown(request, case, status=422, composer=form)


def _said(case: Case, form: TouchForm) -> str:
    """Do what the form says; what to tell the officer."""
    said, by = form.cleaned_data, form.by
    files = tuple(store(file.read(), file.name) for file in said["files"])
    if said["kind"] == NOTE:
        actions.note(case, by=by, body=said["body"], key=said["key"])
        return _("Noted. Only colleagues see it.")
    if said["kind"] == CALL and said["caller"] == "customer":
        actions.receive(case, by=by, body=said["body"], channel="phone", key=said["key"], files=files)
        actions.discard_draft(case, by=by)
        return _("The call has been written down.")
    actions.reply(
        case, by=by, body=said["body"], channel="phone" if said["kind"] == CALL else "", files=files, key=said["key"],
        promise=int(said["keeps"]) if said["keeps"] else None, given=form.word(),
    )  # fmt: skip
    return _("Reply sent.") if said["kind"] != CALL else _("The call has been written down.")


@needs(SEE)
@require_POST
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was begun; with a template chosen, its sentences are put below."""
    case, body = find(request, number), request.POST.get("body", "")
    kind = "note" if request.POST.get("kind") == NOTE else "reply"
    if template := request.POST.get("template"):
        body = _inserted(request, case, body, template)
    if body.strip():
        kept = actions.save_draft(case, by=request.user, body=body, kind=kind)
        note = _("Draft saved at %(hour)s") % {"hour": f"{local(kept.saved_at):%H:%M}"}
    else:
        actions.discard_draft(case, by=request.user, kind=kind)
        note = ""
    if "insert" not in request.POST:
        return HttpResponse(note, content_type="text/plain; charset=utf-8")
    if request.htmx:
        return part(request, "cases/_composer.html", whole(request, case))
    return back(request, f"{reverse('cases:page', args=[case.number])}#composer")


def _inserted(request: HttpRequest, case: Case, body: str, code: str) -> str:
    template = next((each for each in queries.templates_for(case) if each.code == code), None)
    if template is None:
        raise Http404
    house = company()
    answer = answer_clock(case, clocks_about(case.ref, at=now(), audience=Audience.CUSTOMER))
    due = answer.due_in_words if answer and answer.is_ticking else ""
    values = template_values(case, request.user, company=house.name if house else "", due=due)
    missing = "\n".join(f"・{paper.title}" for paper in queries.checklist(case) if paper.is_missing)
    filled = fill(template.body.strip(), values | {"papers": missing})
    return f"{body.rstrip()}\n\n{filled}".strip()


@needs(SEE)
@require_POST
def attachments(request: HttpRequest, number: str) -> HttpResponse:
    """Files that wait for the next answer."""
    case = find(request, number)
    try:
        for file in request.FILES.getlist("files"):
            actions.attach(case, by=request.user, stored=store(file.read(), file.name))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return back(request, f"{reverse('cases:page', args=[case.number])}#composer")


@needs(SEE)
@require_POST
def attachment_removal(request: HttpRequest, number: str, key: int) -> HttpResponse:
    case = find(request, number)
    file = get_object_or_404(Attachment, pk=key, case=case, touch=None, added_by=request.user)
    actions.detach(file, by=request.user)
    return back(request, f"{reverse('cases:page', args=[case.number])}#composer")


@needs(SEE)
@require_POST
def draft_removal(request: HttpRequest, number: str) -> HttpResponse:
    """Throw away what was begun."""
    case = find(request, number)
    Draft.objects.filter(case=case, staff=request.user).delete()
    return back(request, reverse("cases:page", args=[case.number]))
