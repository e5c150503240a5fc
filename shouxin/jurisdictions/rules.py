"""Rules, found: what other rooms import, and the search of the screen where staff look one up."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from shouxin.core.rights import right
from shouxin.core.text import fold
from shouxin.jurisdictions.packs import packs
from shouxin.jurisdictions.rule import ExtensionStep, Interest, Rule

__all__ = ["ExtensionStep", "Interest", "DECLARE", "Rule", "find_rules", "subjects"]

DECLARE = right("jurisdictions.declare", _("Declare a day closed or open"), posts="SP TL", functions="admin")


def find_rules(jurisdiction: str = "", subject: str = "", words: str = "") -> list[Rule]:
    """Rules of these packs and this subject whose number, title, source, article or note holds all the words."""
    wanted = [fold(word) for word in words.split()]
    return [
        rule
        for one in packs()
        if jurisdiction in ("", one.code)
        for rule in one.rules
        if subject in ("", rule.subject) and _holds(rule, wanted)
    ]


def subjects() -> list[str]:
    """All subjects that any rule is about."""
    return sorted({rule.subject for one in packs() for rule in one.rules})


def _holds(rule: Rule, wanted: Iterable[str]) -> bool:
    if not wanted:
        return True
    texts = (rule.title, rule.source, rule.article, rule.note, rule.breach)
    held = fold(" ".join([rule.id, *rule.services, *(part for text in texts for part in text.as_json().values())]))
    return all(word in held for word in wanted)
