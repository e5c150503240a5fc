"""A file of the core system: tried first, with a report by row, then taken over."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouxin.core.audience import Audience
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import needs
from shouxin.people.queries import staff_names
from shouxin.policies import jobs
from shouxin.policies.forms import PoliciesFileForm
from shouxin.policies.importing import uploads
from shouxin.policies.importing.columns import COLUMNS
from shouxin.policies.importing.reading import WRONG, Row, read
from shouxin.policies.importing.taking import HOUSE, Report, take_over, told_of
from shouxin.policies.rules import IMPORT_POLICIES
from shouxin.record.queries import told_of as facts_of

MOST_ROWS = 5_000
SHOWN = 300


@needs(IMPORT_POLICIES)
def imports(request: HttpRequest) -> HttpResponse:
    """Try a file: the report names every row and what would become of it."""
    form, report, mark = PoliciesFileForm(request.POST or None, request.FILES or None), None, ""
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            told = read(file.name, content, most=MOST_ROWS)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            report = take_over(told, by=request.user, is_trial=True)
            name, mark = uploads.keep(content, file.name, by=request.user)
            jobs.forget_later(name)
    return _shown(request, form, report, mark)


@needs(IMPORT_POLICIES)
@require_POST
def takeover(request: HttpRequest) -> HttpResponse:
    """Take over what was tried."""
    try:
        name, content = uploads.kept(request.POST.get("mark", ""), by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return back(request, reverse("policies:imports"))
    report = take_over(read(name, content, most=MOST_ROWS), by=request.user)
    uploads.forget(name)
    return _shown(request, PoliciesFileForm(), report)


def _shown(request: HttpRequest, form: PoliciesFileForm, report: Report | None, mark: str = "") -> HttpResponse:
    names = staff_names()
    past = [
        (entry, names.get(entry.actor.id, "") if entry.actor else "", told_of(entry.data["counts"]))
        for entry in facts_of(HOUSE, "PoliciesImported", Audience.STAFF, limit=8)
    ]
    rows = _worth_reading(report.rows) if report else []
    context = {
        "form": form, "report": report, "rows": rows, "more": len(report.rows) - len(rows) if report else 0,
        "mark": mark, "columns": COLUMNS.values(), "past": past,
    }  # fmt: skip
    return page(request, "policies/import.html", context, status=422 if form.errors else 200)


def _worth_reading(rows: list[Row]) -> list[Row]:
    """All rows of a small file; of a large one those that were skipped first."""
    return rows if len(rows) <= SHOWN else sorted(rows, key=lambda row: row.result != WRONG)[:SHOWN]


@needs(IMPORT_POLICIES)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty table with every column explained, as spreadsheets open it; remarks (#) are not read."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="policies.csv"'
    answer.write("\ufeff")
    out, columns = csv.writer(answer), list(COLUMNS.values())
    needs = {"always": _("Needed: %(about)s"), "new": _("Needed if new: %(about)s"), "": "%(about)s"}
    out.writerow([column.title for column in columns])
    for texts in (
        [needs[column.need] % {"about": column.about} for column in columns],
        [column.example for column in columns],
    ):
        out.writerow([f"# {texts[0]}", *texts[1:]])
    return answer
