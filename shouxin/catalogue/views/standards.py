"""The company's own standards: the list, and one of them with a preview of a change and its versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouxin.catalogue import standards
from shouxin.catalogue.standard_forms import StandardForm
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import needs
from shouxin.core.submissions import once_if_keyed
from shouxin.jurisdictions.actions import adopt_standard, check_not_laxer
from shouxin.jurisdictions.packs import COMPANY
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.rules import STANDARDS
from shouxin.jurisdictions.standards import in_force


@needs(STANDARDS)
@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    """Every standard with what it says today, and whether anybody has adopted it."""
    return page(request, "catalogue/standard_list.html", {"standings": standards.standings(day_of(now()))})


@needs(STANDARDS)
@once_if_keyed("the version it was read at refuses a second sending")
def standard(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One standard, to be adopted, changed or switched off; first with a preview of what that would bring."""
    newest = _newest(rule_id)
    form = StandardForm(request.POST or None, row=newest)
    wants_preview = "preview" in request.POST
    if form.is_bound and form.is_valid() and not wants_preview and (done := _saved(request, form)):
        return done
    labels = {name.removesuffix("_hant"): str(field.label) for name, field in form.fields.items()}
    today = day_of(now())
    current = in_force(COMPANY).rule_on(rule_id, today)
    context = {
        "form": form, "standing": standards.standing(current, today), "rule": form.row,
        "laws": standards.laws_told(current, today), "versions": standards.versions(rule_id, labels),
        **(_preview(form, current) if wants_preview else {}),
    }  # fmt: skip
    return page(request, "catalogue/standard_page.html", context, status=422 if form.errors else 200)


def _newest(rule_id: str) -> Rule:
    try:
        return in_force(COMPANY).rule(rule_id)
    except LookupError as unknown:
        raise Http404 from unknown


def _saved(request: HttpRequest, form: StandardForm) -> HttpResponse | None:
    """Save it and go to the list; None where it is refused, which the form says."""
    seen = form.cleaned_data["seen"]
    try:
        row = adopt_standard(
            form.row.id, form.adoption(), by=request.user, seen=int(seen) if seen.isdecimal() else 0
        )  # fmt: skip
    except Refused as refusal:
        form.overtaken(str(refusal))
        return None
    told = {"standard": row.rule, "version": row.version}
    messages.success(request, _("Saved: %(standard)s, version %(version)s. Open promises keep theirs.") % told)
    return back(request, reverse("catalogue:standards"))


def _preview(form: StandardForm, current: Rule) -> dict[str, Any]:
    """What the change would bring, unless something is wrong with it."""
    if not form.is_valid():
        return {}
    row = form.adoption().as_row(current.id, form.row.version + 1)
    try:
        check_not_laxer(row)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    shown = standards.effects(current, row, now())
    return {"previewed": True, "effects": shown, "later": standards.sometimes_later(row)}
