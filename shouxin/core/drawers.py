"""Drawers: how a fact is told on a timeline, registered by the room that owns the fact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Drawing:
    """One line of a timeline: a sentence, an icon's name, a tone (calm, action, kept, soon, overdue), more below."""

    text: str
    icon: str = "dot"
    tone: str = "calm"
    detail: str = ""
    template: str = ""
    context: dict[str, Any] | None = None


Drawer = Callable[[Any], "Drawing | None"]
DRAWERS: dict[str, Drawer] = {}


def draws(kind: str) -> Callable[[Drawer], Drawer]:
    """Register the drawer of a fact kind: ``drawer(entry) -> Drawing``, None to leave it out of the timeline."""

    def register(drawer: Drawer) -> Drawer:
        DRAWERS[kind] = drawer
        return drawer

    return register


def draw(entry: Any) -> Drawing | None:
    """How to show this entry; a kind nobody draws is shown by its bare name rather than hidden."""
    drawer = DRAWERS.get(entry.kind)
    return drawer(entry) if drawer else Drawing(text=entry.kind)
