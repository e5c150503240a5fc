"""{% key_word "team" %} and {% value_word "team" "complaints-1" %}: codes in words."""

from django import template

from shouxin.measures.labels import KEYS, named

register = template.Library()


@register.simple_tag
def key_word(key: str) -> str:
    return str(KEYS.get(key, key))


@register.simple_tag(takes_context=True)
def value_word(context: template.Context, key: str, value: str) -> str:
    """The word for a value; each is looked up once for a page."""
    known = context.render_context.setdefault("value_words", {})
    if (key, value) not in known:
        known[key, value] = named(key, [value])[value]
    return known[key, value]
