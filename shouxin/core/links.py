"""Links upward: a lower room writes `link_for(ref)`, the room that owns the page fills it."""

from collections.abc import Callable

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref

Linker = Callable[[int, Audience], str]
LINKS: dict[str, Linker] = {}


def links(kind: str) -> Callable[[Linker], Linker]:
    """Register who writes the URL of things of this kind."""

    def register(linker: Linker) -> Linker:
        LINKS[kind] = linker
        return linker

    return register


def link_for(ref: Ref | str | None, audience: Audience = Audience.STAFF) -> str:
    """The URL where this audience reads about the thing; empty where there is none."""
    if not ref:
        return ""
    ref = Ref.parse(ref) if isinstance(ref, str) else ref
    linker = LINKS.get(ref.kind)
    return linker(ref.id, audience) if linker else ""
