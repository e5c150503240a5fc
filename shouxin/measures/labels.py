"""Codes in words: what a key is called, and what its values are called."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import label_of as channel_label
from shouxin.cases.models import Service
from shouxin.jurisdictions.packs import COMPANY
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.standards import all_in_force
from shouxin.people.models import Branch, Post, Staff, Team
from shouxin.policies.models import Product
from shouxin.promises.given import wordings
from shouxin.record.indicator import COUNT, MEAN, PERCENTILE, POSITION, RATE, SHARE

KEYS: dict[str, LazyText] = {
    "year": _("Year"), "quarter": _("Quarter"), "month": _("Month"), "week": _("Week"), "day": _("Calendar day"),
    "team": _("Team"), "post": _("Post"), "branch": _("Office"), "staff": _("Colleague"), "service": _("Service"),
    "stage": _("Stage"), "product": _("Product"), "channel": _("Channel"), "rule": _("Rule"), "outcome": _("Outcome"),
    "jurisdiction": _("Jurisdiction"), "source": _("Source"), "reason": _("Reason"), "subreason": _("Detailed reason"),
    "company": _("Company"), "coverage": _("Kind of cover"), "subcoverage": _("Detailed cover"),
    "disposition": _("Disposition"), "conclusion": _("Conclusion"),
}  # fmt: skip
UNITS: dict[str, LazyText] = {
    "share": _("%"), "days": _("days"), "working days": _("working days"), "hours": _("hours"),
    "working hours": _("working hours"), "complaints": _("complaints"), "cases": _("cases"),
    "hand-overs per case": _("times"),
}  # fmt: skip
STATS: dict[str, LazyText] = {
    "median": _("Median"), "mean": _("Mean"), "p90": _("90th percentile"), "open": _("Open cases"),
    "overdue": _("Overdue"),
}  # fmt: skip
# What a percentile is, which no fraction says.
PLACES: dict[str, LazyText] = {
    "median": _("the value in the middle of all, in order of size"),
    "p90": _("the value that nine of ten do not exceed"),
}  # fmt: skip
METHODS: dict[str, LazyText] = {
    COUNT: _("Garwood"), RATE: _("Garwood"), SHARE: _("Wilson"), MEAN: _("Student's t"),
    PERCENTILE: _("order statistics"), POSITION: "",
}  # fmt: skip
LIMITS: dict[str, LazyText] = {
    SHARE: _("Laney p′ limits: 3 sigma, widened by how much more the shares move than chance would have it"),
    RATE: _("Laney u′ limits: 3 sigma, widened by how much more the rates move than chance would have it"),
    "": _("XmR limits: 3 sigma, from how much one value differs from the next"),
}  # fmt: skip
SOURCES: dict[str, LazyText] = {"live": _("Recorded live"), "import": _("Imported"), "example": _("Example")}
STAGES: dict[str, LazyText] = {"pre": _("Before the sale"), "in": _("During the sale"), "after": _("After the sale")}


def named(key: str, values: Iterable[str]) -> dict[str, str]:
    """The word for each value of a key; what has none stands as it is, and an empty one is said to be empty."""
    values = list(values)
    known = {value: str(word) for value, word in _known(key, values).items()}
    return {value: known.get(value) or value or str(_("(not stated)")) for value in values}


def _rule_named(rule: Rule) -> str:
    """TW-03 解約金給付（法定）: several promise the same, and it matters whose word it is."""
    whose = _("company") if rule.jurisdiction == COMPANY else _("law")
    return gettext("%(id)s %(title)s (%(whose)s)") % {"id": rule.id, "title": rule.title, "whose": whose}


def _known(key: str, values: list[str]) -> dict[str, Any]:
    models = {"team": Team, "branch": Branch, "product": Product}
    if key == "staff":
        return dict(Staff.objects.filter(account__in=values).values_list("account", "name"))
    if key in models:
        return dict(models[key].objects.filter(code__in=values).values_list("code", "name"))
    if key == "service":
        return {service.code: service.label for service in Service.objects.filter(code__in=values)}
    if key == "channel":
        return {value: channel_label(value) for value in values}
    if key == "rule":
        own_word = {f"given-{code}": text for code, text in wordings().items()}
        return own_word | {rule.id: _rule_named(rule) for one in all_in_force() for rule in one.rules}
    return {"post": dict(Post.choices), "source": SOURCES, "stage": STAGES}.get(key, {})
