"""What the catalogue gives to the house: its place among the settings and in the menu of those who keep it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shouxin.cases.rights import SETTINGS
from shouxin.core.drawers import Drawing, draws
from shouxin.core.slots import fills
from shouxin.jurisdictions.packs import COMPANY
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.rules import STANDARDS

Filled = tuple[str, dict[str, Any]] | None


@fills("settings.main", order=20)
def among_settings(request: HttpRequest, **about: Any) -> Filled:
    may = {"may_set": request.user.has(SETTINGS), "may_adopt": request.user.has(STANDARDS)}
    return ("catalogue/_settings.html", may) if any(may.values()) else None


@fills("bar.menu", order=30)
def in_menu(request: HttpRequest, **about: Any) -> Filled:
    may = {"may_set": request.user.has(SETTINGS), "may_adopt": request.user.has(STANDARDS)}
    return ("catalogue/_menu.html", may) if any(may.values()) else None


@fills("rule.page", order=10)
def beside_rule(request: HttpRequest, rule: Rule, **about: Any) -> Filled:
    """From a standard of the company to where it is adopted and changed."""
    is_ours = rule.jurisdiction == COMPANY and request.user.has(STANDARDS)
    return ("catalogue/_to_standard.html", {"rule": rule}) if is_ours else None


@draws("ServiceChanged")
def draw_service(entry: Any) -> Drawing:
    return Drawing(_("The service %(service)s was changed") % {"service": entry.dims["service"]}, icon="note")


@draws("TemplateWritten")
def draw_template(entry: Any) -> Drawing:
    return Drawing(_("The reply template “%(title)s” was saved") % {"title": entry.data["said"]["title"]}, icon="note")
