"""``{% clock c size="list" %}``: the ring of a promise and the words beside it. Right without JavaScript."""

from typing import Any

from django import template

register = template.Library()

TEMPLATES = {"list": "core/_clock_list.html", "page": "core/_clock_page.html", "public": "core/_clock_public.html"}


@register.inclusion_tag("core/_clock.html")
def clock(reading: Any, size: str = "page", open: bool = False) -> dict[str, Any]:
    """A clock (promises.clocks.Clock) in a list (24 px), on a page (40 px) or as the customer's dial (120 px)."""
    return {"c": reading, "piece": TEMPLATES[size], "open": open, "dial": dial(reading) if size == "public" else None}


@register.inclusion_tag("core/_ring.html")
def ring(reading: Any, size: str = "") -> dict[str, Any]:
    """Only the ring; `size` is "" for 24 px or "40"."""
    return {"c": reading, "size": size}


def dial(reading: Any) -> dict[str, Any]:
    """Dash lengths of the dial: one segment per day where they can be counted, else one arc of a hundred parts."""
    if not reading.segments:
        return {"length": 100, "track": "100 0", "used": f"{reading.percent} 100"}
    gap = 0.26
    piece = f"{1 - gap:g} {gap:g}"
    used = min(reading.segments_used, reading.segments)
    return {
        "length": reading.segments, "track": piece,
        "used": " ".join([piece] * used + [f"0 {reading.segments}"]) if used else f"0 {reading.segments}",
    }  # fmt: skip
