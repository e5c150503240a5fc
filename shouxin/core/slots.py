"""Slots: gaps in a lower room's page that higher rooms fill."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string

Filler = Callable[..., "tuple[str, dict[str, Any]] | None"]
SLOTS: dict[str, list[tuple[int, Filler]]] = defaultdict(list)


def fills(name: str, *, order: int = 50) -> Callable[[Filler], Filler]:
    """Register a filler: ``filler(request, **kwargs) -> (template, context) | None``; lower order comes first."""

    def register(filler: Filler) -> Filler:
        SLOTS[name].append((order, filler))
        SLOTS[name].sort(key=lambda pair: pair[0])
        return filler

    return register


def text_of(name: str, **about: Any) -> str:
    """What fills this gap where there is no page, as under a letter: plain text."""
    filled = [filler(None, **about) for _order, filler in SLOTS[name]]
    return "\n\n".join(render_to_string(each[0], {**about, **each[1]}).strip() for each in filled if each is not None)
