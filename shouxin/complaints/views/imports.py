"""Importing complaints from a file on the web: upload, watch, read what was rejected."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shouxin.complaints.forms import ImportForm
from shouxin.complaints.importing.running import begin_run, folder
from shouxin.complaints.models import ImportRun
from shouxin.complaints.rules import IMPORT
from shouxin.core.pages import back, page
from shouxin.core.rights import needs


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """What was imported so far, and the form for the next file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        run = begin_run(
            given["file"], mapping=form.mapping_text, mapping_name=form.mapping_name,
            is_dry_run=given["is_dry_run"], by=request.user,
        )  # fmt: skip
        return back(request, reverse("complaints:import", args=[run.pk]))
    runs = ImportRun.objects.select_related("by").order_by("-pk")[:50]
    return page(request, "complaints/imports.html", {"form": form, "runs": runs}, status=422 if form.errors else 200)


@needs(IMPORT)
@require_GET
def import_run(request: HttpRequest, key: int) -> HttpResponse:
    """How far one import is; asked again every two seconds while it runs."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=key)
    return page(request, "complaints/import_run.html", {"run": run}, part="complaints/_import_run.html")


@needs(IMPORT)
@require_GET
def rejections(request: HttpRequest, key: int) -> HttpResponse:
    """The rows that were not taken, each with its reason."""
    run = get_object_or_404(ImportRun.objects.exclude(rejections_file=""), pk=key)
    path = folder() / run.rejections_file
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8")
