"""What the jurisdictions give to the house: their place in the rail, and how a declared day is told."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.drawers import Drawing, draws
from shouxin.core.navigation import rail

rail(gettext_lazy("Rules"), "law", "jurisdictions:rules", order=70)


@draws("DayDeclared")
def day_declared(entry: Any) -> Drawing:
    told = {"day": entry.day, "place": entry.data["place"] or entry.jurisdiction}
    if entry.data.get("is_withdrawn"):
        text = _("What was declared for %(day)s in %(place)s was withdrawn")
    elif entry.is_open:
        text = _("%(day)s was declared open in %(place)s")
    else:
        text = _("%(day)s was declared closed in %(place)s")
    return Drawing(text=text % told, icon="today", detail=entry.told_by)


@draws("StandardAdopted")
def standard_adopted(entry: Any) -> Drawing:
    about = {"standard": entry.standard, "version": entry.version, "day": entry.valid_from}
    return Drawing(_("The standard %(standard)s, version %(version)s, holds from %(day)s") % about, icon="law")
