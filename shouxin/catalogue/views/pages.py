"""The catalogue of services and the reply templates: lists, one entry, its history."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouxin.cases import kit
from shouxin.cases.models import ReplyTemplate, Service
from shouxin.cases.queries import services as known_services
from shouxin.cases.rights import SETTINGS
from shouxin.cases.rules import fill
from shouxin.catalogue import queries
from shouxin.catalogue.forms import LANGUAGES, EditionForm, ServiceForm, TemplateForm
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import needs


@needs(SETTINGS)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """The whole catalogue, by stage."""
    return page(request, "catalogue/service_list.html", {"stages": queries.by_stage()})


@needs(SETTINGS)
def service(request: HttpRequest, code: str) -> HttpResponse:
    """One entry, to be changed."""
    row = get_object_or_404(Service, pk=code)
    form = ServiceForm(request.POST or None, row=row)

    def save(values: dict[str, Any], seen: str) -> None:
        kit.change_service(row.pk, values, by=request.user, seen=seen)

    if done := _saved(request, form, save, reverse("catalogue:services")):
        return done
    labels = {name: str(field.label) for name, field in form.fields.items()}
    past = queries.history("ServiceChanged", service=row.pk, after=request.GET.get("after", ""))
    history = [(entry, name, queries.changes(entry, labels)) for entry, name in past]
    context = {"form": form, "service": row, "history": history, "past": past}
    return page(request, "catalogue/service_page.html", context, status=422 if form.errors else 200)


@needs(SETTINGS)
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Replies written once: those offered, then those retired."""
    asked = {name: request.GET.get(name, "") for name in ("language", "service", "state")}
    found = queries.templates(search=request.GET.get("q", ""), **asked)
    context = asked | {
        "found": found, "q": request.GET.get("q", ""), "languages": LANGUAGES, "services": known_services().values(),
        "is_narrowed": any(request.GET.get(name) for name in ("q", *asked)),
    }  # fmt: skip
    return page(request, "catalogue/template_list.html", context, part="catalogue/_template_table.html")


@needs(SETTINGS)
def template(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """One reply template, with how it will read; a new one without a number."""
    row = get_object_or_404(ReplyTemplate, pk=number) if number else None
    form = TemplateForm(request.POST or None, row=row)

    def save(values: dict[str, Any], seen: str) -> None:
        kit.write_template(values, by=request.user, number=number, seen=seen)

    wants_preview = "preview" in request.POST
    if not wants_preview and (done := _saved(request, form, save, reverse("catalogue:templates"))):
        return done
    versions = queries.versions(row.pk, after=request.GET.get("after", "")) if row else []
    text, language = form["body"].value() or "", form["language"].value() or "zh-hant"
    context = {
        "form": form, "row": row, "preview": fill(text, queries.standing_in(language)) if text else "",
        "reply_language": language, "versions": versions,
    }  # fmt: skip
    status = 422 if form.errors and not wants_preview else 200
    return page(request, "catalogue/template_page.html", context, status=status)


def _saved(
    request: HttpRequest, form: EditionForm, save: Callable[[dict[str, Any], str], None], there: str
) -> HttpResponse | None:
    """Save what is valid and go there; None where the form needs another look."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        save(form.values(), form.cleaned_data["seen"])
    except Refused as refusal:
        form.overtaken(str(refusal))
        return None
    messages.success(request, _("Saved. It applies to cases that come in from now on."))
    return back(request, there)
