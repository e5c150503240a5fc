"""``{% clock c size="list" %}``: the ring of a promise and the words beside it. Right without JavaScript."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

TEMPLATES = {"page": "core/_clock_page.html", "public": "core/_clock_public.html"}


@register.inclusion_tag("core/_clock.html")
def clock(reading: Any, size: str = "page", open: bool = False) -> dict[str, Any]:
    """A clock (promises.clocks.Clock) on a page (40 px) or as the customer's dial (120 px).

    In a list it is ``{% include "core/_clock_list.html" %}``, with the clock as `c`.
    """
    return {"c": reading, "piece": TEMPLATES[size], "open": open, "dial": dial(reading) if size == "public" else None}


@register.simple_tag
def ring(reading: Any, size: str = "") -> SafeString:
    """Only the ring; `size` is "" for 24 px or "40"."""
    return drawn_ring(reading.state, reading.percent, size)


@register.simple_tag
def reckoned(reading: Any) -> SafeString:
    """The rows of the table by which one can check the due instant by hand, and what a breach brings."""
    rows = [(step.label, step.text) for step in reading.steps]
    if reading.effect:
        rows.append((_("If it is overdue"), reading.effect))
    return format_html_join("\n", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)


@lru_cache(maxsize=2000)
def drawn_ring(state: str, percent: int, size: str = "") -> SafeString:
    """There are few different rings and many on a page: each is drawn once."""
    return render_to_string("core/_ring.html", {"c": {"state": state, "percent": percent}, "size": size})


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
