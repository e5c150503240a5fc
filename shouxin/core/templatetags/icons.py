"""``{% icon "inbox" %}``: line icons, drawn by us on a grid of 24."""

import tomllib
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_PATHS = tomllib.loads((Path(__file__).parent.parent / "data" / "icons.toml").read_text(encoding="utf-8"))


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon of this name; an unknown one is a dot. Always beside a word, so hidden from screen readers."""
    path = _PATHS.get(name, _PATHS["dot"])
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', mark_safe(path))  # noqa: S308
