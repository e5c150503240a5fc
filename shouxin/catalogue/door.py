"""What the catalogue gives to the house: its place among the settings and in the menu of those who keep it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shouxin.cases.rights import SETTINGS
from shouxin.core.drawers import Drawing, draws
from shouxin.core.slots import fills

Filled = tuple[str, dict[str, Any]] | None


@fills("settings.main", order=20)
def among_settings(request: HttpRequest, **about: Any) -> Filled:
    return ("catalogue/_settings.html", {}) if request.user.has(SETTINGS) else None


@fills("bar.menu", order=30)
def in_menu(request: HttpRequest, **about: Any) -> Filled:
    return ("catalogue/_menu.html", {}) if request.user.has(SETTINGS) else None


@draws("ServiceChanged")
def draw_service(entry: Any) -> Drawing:
    return Drawing(_("The service %(service)s was changed") % {"service": entry.dims["service"]}, icon="note")


@draws("TemplateWritten")
def draw_template(entry: Any) -> Drawing:
    return Drawing(_("The reply template “%(title)s” was saved") % {"title": entry.data["said"]["title"]}, icon="note")
