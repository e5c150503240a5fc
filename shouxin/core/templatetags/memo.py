"""``{% memo key … %}…{% endmemo %}``: what is drawn again and again with the same words is drawn once.

The keys are everything the piece shows, so it is never out of date: other words are another key. No form inside, its
token is new each time.
"""

from django import template
from django.utils.translation import get_language

register = template.Library()
MOST = 4000  # pieces kept of one place, before all of them are forgotten


class MemoNode(template.Node):
    def __init__(self, keys: list[template.base.FilterExpression], nodelist: template.NodeList) -> None:
        self.keys, self.nodelist = keys, nodelist
        self.known: dict[tuple, str] = {}

    def render(self, context: template.Context) -> str:
        about = (get_language(), *(key.resolve(context) for key in self.keys))
        piece = self.known.get(about)
        if piece is None:
            if len(self.known) >= MOST:
                self.known.clear()
            piece = self.known[about] = self.nodelist.render(context)
        return piece


@register.tag
def memo(parser: template.base.Parser, token: template.base.Token) -> MemoNode:
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endmemo",))
    parser.delete_first_token()
    return MemoNode(keys, nodelist)
