"""What the record lets others see: its loop, and how its own facts are told on a timeline."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shouxin.core.drawers import Drawing, draws
from shouxin.record import jobs  # noqa: F401 - registers the loop that seals


@draws("FactWithdrawn")
def draw_withdrawn(entry: Any) -> Drawing:
    return Drawing(text=_("An entry was withdrawn: it should not have been recorded"), icon="undo", detail=entry.reason)


@draws("ContentErased")
def draw_erased(entry: Any) -> Drawing:
    count = len(entry.facts)
    text = ngettext(
        "Personal content of one entry was erased", "Personal content of %(count)d entries was erased", count
    )
    return Drawing(text=text % {"count": count}, icon="eraser", detail=entry.reason)
