"""Figures as people read them: {% figure row.value unit %} → 93.4 %, the unit lighter than its number."""

from math import ceil, floor

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shouxin.measures.labels import UNITS

register = template.Library()
ONE_DECIMAL = {"share", "days", "working days", "hours", "working hours"}
LEAST = 0.05
WHOLE = {"complaints", "cases"}


@register.filter
def plain(value: float | None, unit: str = "") -> str:
    """The number alone: shares in percent, whole numbers without a fraction, a dash where there is none.

    Shares and times have one decimal in every row of a table; what is less than half of one is said to be less.
    """
    if value is None:
        return "–"
    shown = value * 100 if unit == "share" else value
    if isinstance(value, int) and unit != "share":
        return f"{value:,}"
    if unit in ONE_DECIMAL and abs(shown) < 1:
        return "<0.1" if 0 < shown < LEAST else f"{shown:.1f}"
    if 0 < abs(shown) < 1:
        return f"{shown:.3f}"
    return f"{shown:,.1f}" if abs(shown) < 1000 else f"{shown:,.0f}"


@register.simple_tag
def figure(value: float | None, unit: str) -> SafeString:
    return format_html('{}<span class="unit"> {}</span>', plain(value, unit), UNITS.get(unit) or gettext(unit))


@register.simple_tag
def between(low: float | None, high: float | None, unit: str) -> str:
    """The interval; a side on which nothing can be said stays open."""
    if low is None and high is None:
        return ""
    if unit in WHOLE:  # what is counted comes whole: the interval is widened to whole numbers
        low, high = (None if low is None else floor(low)), (None if high is None else ceil(high))
    return f"{plain(low, unit) if low is not None else '…'}–{plain(high, unit) if high is not None else '…'}"


@register.filter
def px(value: float | None) -> str:
    """A coordinate of a drawing: a point for the fraction in every language."""
    return f"{value or 0.0:.2f}"


@register.filter
def above(y: float) -> float:
    """Where the word of a line stands: a little above it."""
    return y - 5
