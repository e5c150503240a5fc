"""``{% slot "case.aside" case=case %}``: a gap that higher rooms fill."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from shouxin.core.slots import SLOTS

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, **about: Any) -> SafeString:
    """Everything that was registered for this gap, in order."""
    request = context.get("request")
    pieces = []
    for _order, filler in SLOTS[name]:
        if (filled := filler(request, **about)) is not None:
            template_name, piece_context = filled
            pieces.append(render_to_string(template_name, {**about, **piece_context}, request=request))
    return mark_safe("".join(pieces))  # noqa: S308 - rendered templates, escaped by themselves
