"""``{% slot "case.aside" case=case %}``: a gap that higher rooms fill."""

from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from shouxin.core.slots import SLOTS

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str, **about: Any) -> SafeString:
    """Everything that was registered for this gap, in order."""
    request = context.get("request")
    # What every page knows was found for this one already.
    known = context.dicts[context._processors_index] if hasattr(context, "_processors_index") else {}
    pieces = []
    for _order, filler in SLOTS[name]:
        if (filled := filler(request, **about)) is not None:
            template_name, piece_context = filled
            piece = get_template(template_name).template
            pieces.append(piece.render(context.new({**known, **about, **piece_context})))
    return mark_safe("".join(pieces))  # noqa: S308 - rendered templates, escaped by themselves
