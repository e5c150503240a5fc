"""The key of a plain form; see `core.submissions`."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def form_key() -> SafeString:
    """A hidden field with a fresh key."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())
