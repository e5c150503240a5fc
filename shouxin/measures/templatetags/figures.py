"""Figures as people read them: {% figure row.value unit %} → 93.4 %, the unit lighter than its number."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shouxin.measures.labels import UNITS

register = template.Library()


@register.filter
def plain(value: float | None, unit: str = "") -> str:
    """The number alone: shares in percent, whole numbers without a fraction, a dash where there is none."""
    if value is None:
        return "–"
    shown = value * 100 if unit == "share" else value
    if isinstance(value, int) and unit != "share":
        return f"{value:,}"
    if 0 < abs(shown) < 1:
        return f"{shown:.3f}"
    return f"{shown:,.1f}" if abs(shown) < 1000 else f"{shown:,.0f}"


@register.simple_tag
def figure(value: float | None, unit: str) -> SafeString:
    return format_html('{}<span class="unit"> {}</span>', plain(value, unit), UNITS.get(unit, unit))


@register.simple_tag
def between(low: float | None, high: float | None, unit: str) -> str:
    """The interval; a side on which nothing can be said stays open."""
    if low is None and high is None:
        return ""
    return f"{plain(low, unit) if low is not None else '…'}–{plain(high, unit) if high is not None else '…'}"


@register.filter
def px(value: float | None) -> str:
    """A coordinate of a drawing: a point for the fraction in every language."""
    return f"{value or 0.0:.2f}"


@register.filter
def above(y: float) -> float:
    """Where the word of a line stands: a little above it."""
    return y - 5
