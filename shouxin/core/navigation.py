"""The rail at the side: rooms register their entry, the reader sees those he may open."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise as LazyText

from shouxin.core.rights import Right


@dataclass(frozen=True)
class RailEntry:
    label: str | LazyText
    icon: str
    url_name: str
    order: int
    needs: Right | None = None


RAIL: list[RailEntry] = []


def rail(label: str | LazyText, icon: str, url_name: str, *, order: int, needs: Right | None = None) -> None:
    """Register an entry of the rail, from a room's door."""
    RAIL.append(RailEntry(label, icon, url_name, order, needs))
    RAIL.sort(key=lambda entry: entry.order)


class Shown(NamedTuple):
    """An entry as the rail draws it."""

    label: str
    icon: str
    url: str
    is_current: bool


def entries_for(user: Any, path: str) -> tuple["Shown", ...]:
    """The entries this person may open, the current one marked."""
    shown = []
    for entry in RAIL:
        if entry.needs is None or user.has(entry.needs):
            url = reverse(entry.url_name)
            is_current = path == url or (url != "/" and path.startswith(url))
            shown.append(Shown(str(entry.label), entry.icon, url, is_current))
    return tuple(shown)
