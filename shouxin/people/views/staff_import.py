"""The list of staff from a file, with a report by row."""

from django.http import HttpRequest, HttpResponse

from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.pages import page
from shouxin.core.rights import needs
from shouxin.people.forms import StaffFileForm
from shouxin.people.rules import MANAGE_STAFF
from shouxin.people.staff_import import import_staff, read_rows


@needs(MANAGE_STAFF)
def staff_import(request: HttpRequest) -> HttpResponse:
    """Try first, then take over: the report names every row and why it was left out."""
    form, report = StaffFileForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_rows(file.name, file.read())
            report = import_staff(rows, by=request.user, today=day_of(now()), is_trial=form.cleaned_data["is_trial"])
        except Refused as refusal:
            form.add_error("file", str(refusal))
    context = {"form": form, "report": report}
    return page(request, "people/staff_import.html", context, status=422 if form.errors else 200)
