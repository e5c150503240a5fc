"""``{% chart it %}``: a chart of core.charts as SVG; ``{% chart_table it %}``: its table twin."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from shouxin.core.charts import LineChart

register = template.Library()


@register.simple_tag
def chart(drawn: Any, name: str = "chart") -> SafeString:
    """`name` keeps the ids of two charts on one page apart."""
    return mark_safe(render_to_string(drawn.template, {"it": drawn, "name": name}))  # noqa: S308 - our own template


@register.inclusion_tag("core/_chart_table.html")
def chart_table(drawn: LineChart, heading: str = "") -> dict[str, Any]:
    """The numbers of a line chart, the latest first, behind a line that opens."""
    return {"it": drawn, "heading": heading, "marks": list(reversed(drawn.marks))}
