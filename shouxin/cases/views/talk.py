"""What is said in a case: the composer, its draft, its files."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.cases import actions, queries
from shouxin.cases.forms import CALL, CHOSEN, MET, NOTE, REPLY, SPOKEN, TouchForm
from shouxin.cases.models import Attachment, Case, Draft
from shouxin.cases.rights import SEE
from shouxin.cases.rules import fill
from shouxin.cases.story import answer_clock, template_values
from shouxin.cases.views.page import composer, find, shown, waiting_files, whole
from shouxin.core.audience import Audience
from shouxin.core.clock import local, now
from shouxin.core.failing import said as plainly
from shouxin.core.files import Stored, store
from shouxin.core.guards import Refused
from shouxin.core.incoming import holds_nul
from shouxin.core.pages import back, part
from shouxin.core.rights import needs
from shouxin.core.submissions import key_kept, repeatable
from shouxin.people.queries import company
from shouxin.promises.queries import clocks_about

KINDS = tuple(code for code, _label in Draft.KINDS)
LONGEST = 20000


@needs(SEE)
@require_POST
@key_kept("Touch")
def touches(request: HttpRequest, number: str) -> HttpResponse:
    """An answer, a call taken down, or a note."""
    case = find(request, number)
    clocks = clocks_about(case.ref, at=now(), audience=Audience.STAFF)
    form = composer(case, request.user, clocks, request.POST, request.FILES)
    if form.is_valid():
        try:
            done = _said(case, form, _taken(form))
        except Refused as refusal:
            form.add_error("body", str(refusal))
        else:
            if done:
                messages.success(request, done)
                return back(request, reverse("cases:page", args=[case.number]))
    _keep_waiting(request, case)
    if request.htmx:
        return part(request, "cases/_composer.html", whole(request, case, composer=form), status=422)
    return shown(request, case, status=422, composer=form)


def _taken(form: TouchForm) -> tuple[Stored, ...]:
    """The files of the form; what can't be taken is told beside them."""
    stored, refused = _stored(form.cleaned_data["files"])
    for each in refused:
        form.add_error("files", each)
    return tuple(stored)


def _stored(files: Iterable[UploadedFile]) -> tuple[list[Stored], list[str]]:
    stored, refused = [], []
    for file in files:
        file.seek(0)
        try:
            stored.append(store(file.read(), file.name))
        except Refused as refusal:
            refused.append(_("“%(name)s”: %(why)s") % {"name": file.name[:60], "why": refusal})
    return stored, refused


def _keep_waiting(request: HttpRequest, case: Case) -> list[str]:
    """A browser forgets its files when a form comes back: they wait here; why some could not be taken."""
    stored, refused = _stored(request.FILES.getlist("files"))
    known = set(waiting_files(case, request.user).values_list("checksum", flat=True))
    for each in stored:
        if each.checksum not in known:
            actions.attach(case, by=request.user, stored=each)
    return refused


def _said(case: Case, form: TouchForm, files: tuple[Stored, ...]) -> str:
    """Do what the form says; what to tell the officer, nothing where a file could not be taken."""
    said, by = form.cleaned_data, form.by
    if form.errors:
        return ""
    if said["kind"] == NOTE:
        actions.note(case, by=by, body=said["body"], key=said["key"], files=files)
        return _("Noted. Only colleagues see it.")
    if said["kind"] == CALL and said["caller"] == "customer":
        how = {"channel": "phone", "key": said["key"], "files": files, "given": form.word()}
        actions.receive(case, by=by, body=said["body"], **how)
        return _("The call has been written down.")
    if said["kind"] == CALL and said["caller"] == "missed":
        actions.call_missed(case, by=by, body=said["body"], key=said["key"], files=files, given=form.word())
        return _("The attempt has been written down. It keeps no promise.")
    actions.reply(
        case, by=by, body=said["body"], channel=SPOKEN.get(said["kind"], ""), files=files, key=said["key"],
        given=form.word(), **form.kept(),
    )  # fmt: skip
    done = {CALL: _("The call has been written down."), MET: _("What was said in person has been written down.")}
    return done.get(said["kind"], _("Reply sent."))


@needs(SEE)
@require_POST
@repeatable("the latest text is kept, one draft for each person and case")
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was begun; with a template chosen, its sentences are put below."""
    case, body = find(request, number), request.POST.get("body", "")
    kind = _kind(request)
    if len(body) > LONGEST or holds_nul([body]):
        return plainly(_("Not saved: the text is too long, or holds a character that is no text."), 422)
    refused = _keep_waiting(request, case)
    if template := request.POST.get("template"):
        body = _inserted(request, case, body, template)
    if body.strip():
        kept = actions.save_draft(case, by=request.user, body=body, kind=kind)
        note = _("Draft saved at %(hour)s") % {"hour": f"{local(kept.saved_at):%H:%M}"}
    else:
        actions.discard_draft(case, by=request.user)
        note = ""
    if "insert" not in request.POST:
        return HttpResponse(note, content_type="text/plain; charset=utf-8")
    if request.htmx:
        return part(request, "cases/_composer.html", whole(request, case) | {"refused_files": refused})
    for each in refused:
        messages.warning(request, each)
    return _to_composer(request, case)


def _to_composer(request: HttpRequest, case: Case) -> HttpResponse:
    """Without a script the page comes anew: what was chosen besides the words goes along in its address."""
    chosen = QueryDict(mutable=True)
    for name in (*CHOSEN, "keeps") if "caller" in request.POST else ():
        chosen.setlist(name, request.POST.getlist(name))
    asked = f"?{chosen.urlencode()}" if chosen else ""
    return back(request, f"{reverse('cases:page', args=[case.number])}{asked}#composer")


def _kind(request: HttpRequest) -> str:
    """Which kind of entry was chosen last."""
    chosen = request.POST.get("kind")
    return chosen if chosen in KINDS else REPLY


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
@repeatable("a file that waits already is not kept twice")
def attachments(request: HttpRequest, number: str) -> HttpResponse:
    """Files that wait for the next entry, kept as soon as they are chosen."""
    case = find(request, number)
    refused = _keep_waiting(request, case)
    if request.htmx:
        return _waiting(request, case, refused)
    for each in refused:
        messages.warning(request, each)
    return _to_composer(request, case)


def _waiting(request: HttpRequest, case: Case, refused: list[str]) -> HttpResponse:
    context = {"case": case, "waiting_files": waiting_files(case, request.user), "refused_files": refused}
    return part(request, "cases/_waiting_files.html", context, status=422 if refused else 200)


@needs(SEE)
@require_POST
@repeatable("what was removed is gone")
def attachment_removal(request: HttpRequest, number: str, key: int) -> HttpResponse:
    case = find(request, number)
    file = get_object_or_404(Attachment, pk=key, case=case, touch=None, added_by=request.user)
    actions.detach(file, by=request.user)
    if request.htmx:
        return _waiting(request, case, [])
    if (body := request.POST.get("body", "")[:LONGEST]).strip():  # without a script the text comes along
        actions.save_draft(case, by=request.user, body=body, kind=_kind(request))
    return _to_composer(request, case)


@needs(SEE)
@require_POST
@repeatable("what was removed is gone")
def draft_removal(request: HttpRequest, number: str) -> HttpResponse:
    """Throw away what was begun."""
    case = find(request, number)
    Draft.objects.filter(case=case, staff=request.user).delete()
    return back(request, reverse("cases:page", args=[case.number]))
