"""``{% link_for ref %}``: the address of a thing that a higher room shows."""

from django import template

from shouxin.core import links
from shouxin.core.audience import Audience
from shouxin.core.refs import Ref

register = template.Library()


@register.simple_tag
def link_for(ref: Ref | str | None, audience: str = "staff") -> str:
    """The URL where this audience reads about the thing, or nothing."""
    return links.link_for(ref, Audience(audience))
