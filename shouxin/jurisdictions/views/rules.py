"""Rules looked up by staff: the list, one rule, and what it would give from an instant of one's choice."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from shouxin.core.clock import day_of, now
from shouxin.core.pages import page
from shouxin.core.rights import any_staff
from shouxin.jurisdictions.forms import RuleSearchForm, TryForm
from shouxin.jurisdictions.packs import COMPANY, calendar_key, pack
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.reckoning import Reckoning
from shouxin.jurisdictions.rules import Rule, find_rules
from shouxin.jurisdictions.standards import in_force


@dataclass(frozen=True)
class Tried:
    """A reckoning and the calendar it was made by."""

    reckoning: Reckoning
    version: str


@any_staff
def rule_list(request: HttpRequest) -> HttpResponse:
    """All rules, or those of a jurisdiction, a subject, or with some words."""
    form = RuleSearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = (asked.get("jurisdiction", ""), asked.get("subject", ""), asked.get("q", ""))
    rules = find_rules(*wanted, own=in_force(COMPANY))
    return page(
        request, "jurisdictions/rule_list.html", {"form": form, "rules": rules}, part="jurisdictions/_rule_table.html"
    )


@any_staff
def rule_page(request: HttpRequest, jurisdiction: str, rule_id: str) -> HttpResponse:
    """One rule with its source, and a reckoning by it."""
    try:
        rule = in_force(jurisdiction).rule_on(rule_id, day_of(now()))
    except LookupError:
        raise Http404
    form = TryForm.asked(request.GET, rule)
    context = {"rule": rule, "pack": pack(jurisdiction), "form": form, "tried": _tried(rule, form)}
    return page(request, "jurisdictions/rule_page.html", context, part="jurisdictions/_reckoning.html")


def _tried(rule: Rule, form: TryForm) -> Tried | None:
    if not rule.has_clock or not form.is_valid():
        return None
    calendar = calendar_of(calendar_key(form.cleaned_data["calendar"], form.cleaned_data["place"].strip()))
    start_at = form.start_at(calendar.zone)
    reckoning = rule.reckon(start_at, calendar)
    return Tried(reckoning, calendar.version)
