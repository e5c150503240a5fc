"""The pages of every import: try a file, read what would happen, take it over."""

import csv

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import any_staff, require
from shouxin.core.spreadsheets import safe_row
from shouxin.core.submissions import key_kept, once_if_keyed, repeatable
from shouxin.tables import runs
from shouxin.tables.forms import TableForm
from shouxin.tables.importers import IMPORTERS, Importer
from shouxin.tables.models import ImportRun
from shouxin.tables.reports import read_report, words_of_outcome
from shouxin.tables.uploads import REPORTS_KEPT, path_of

SHOWN = 300


def _find(request: HttpRequest, name: str) -> Importer:
    """The importer, for who may use it."""
    if (found := IMPORTERS.get(name)) is None:
        raise Http404
    require(request.user.has(found.right))
    return found


def _run(importer: Importer, key: int) -> ImportRun:
    return get_object_or_404(ImportRun, importer=importer.name, pk=key)


@any_staff
@key_kept("ImportRun")
def imports(request: HttpRequest, name: str) -> HttpResponse:
    """The form for a file, which columns there are, and what was imported before."""
    importer = _find(request, name)
    form = TableForm(importer, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        run = runs.begin_trial(
            importer, given["file"], by=request.user, key=given["key"], choices=form.choices(), options=form.more
        )
        return back(request, reverse("tables:run", args=[name, run.pk]))
    context = {
        "importer": importer, "form": form, "columns": importer.columns(), "accepted": list(importer.accepted()),
        "runs": [(run, importer.sentence(run.counts) if run.counts else "") for run in _past(importer)],
    }  # fmt: skip
    return page(request, "tables/imports.html", context, status=422 if form.errors else 200)


def _past(importer: Importer) -> list[ImportRun]:
    return list(ImportRun.objects.filter(importer=importer.name).order_by("-pk")[:20])


@any_staff
@require_safe
def run_page(request: HttpRequest, name: str, key: int) -> HttpResponse:
    """How far a run is, asked again while it runs; then what happened, row by row."""
    importer = _find(request, name)
    run = _run(importer, key)
    rows, more, is_kept = [], 0, bool(run.report) and path_of(run.report).exists()
    if is_kept:
        rows, more = read_report(path_of(run.report), SHOWN)
    context = {
        "importer": importer, "run": run, "is_silent": run.is_silent(now()), "more": more,
        "sentence": importer.sentence(run.counts) if run.counts else "", "may_take": run.by == request.user.pk,
        "rows": [row | {"word": words_of_outcome(row["outcome"])} for row in rows],
        "takeover": getattr(run, "takeover", None), "days": REPORTS_KEPT.days, "is_kept": is_kept,
    }  # fmt: skip
    return page(request, "tables/run.html", context, part="tables/_run.html")


@any_staff
@require_POST
@once_if_keyed("a trial is taken over once")
def takeover(request: HttpRequest, name: str, key: int) -> HttpResponse:
    """Take over what was tried; sent twice it is done once."""
    trial = _run(_find(request, name), key)
    try:
        run = runs.begin_takeover(trial, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return back(request, reverse("tables:imports", args=[name]))
    return back(request, reverse("tables:run", args=[name, run.pk]))


@any_staff
@require_POST
@repeatable("a run on which somebody works is left alone")
def resumption(request: HttpRequest, name: str, key: int) -> HttpResponse:
    """Go on with a run on which nobody works any more; harmless on any other."""
    run = _run(_find(request, name), key)
    runs.take_up(run, by=request.user)
    return back(request, reverse("tables:run", args=[name, run.pk]))


@any_staff
@require_safe
def report(request: HttpRequest, name: str, key: int) -> HttpResponse:
    """The rows that were not taken or remarked, each with its reasons."""
    run = _run(_find(request, name), key)
    path = path_of(run.report or "none")
    if not run.report or not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8")


@any_staff
@require_safe
def template(request: HttpRequest, name: str) -> HttpResponse:
    """The empty table with every column explained, as spreadsheets open it; remarks (#) are not read."""
    columns = list(_find(request, name).columns())
    if not columns:
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\ufeff")
    out = csv.writer(answer)
    needs = {"always": _("Needed: %(about)s"), "new": _("Needed if new: %(about)s"), "": "%(about)s"}
    out.writerow([column.title for column in columns])
    for texts in (
        [needs[column.need] % {"about": column.about} for column in columns],
        [column.example for column in columns],
    ):
        out.writerow(safe_row([f"# {texts[0]}", *texts[1:]]))
    return answer
