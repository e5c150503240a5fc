"""Rules, found: what other rooms import, and the search of the screen where staff look one up."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from shouxin.core.clock import day_of, now
from shouxin.core.rights import right
from shouxin.core.text import fold
from shouxin.jurisdictions.packs import packs
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.rule import ExtensionStep, Interest, Rule

__all__ = ["ExtensionStep", "Interest", "DECLARE", "STANDARDS", "Rule", "find_rules", "subjects"]

DECLARE = right("jurisdictions.declare", _("Declare a day closed or open"), posts="SP TL", functions="admin")
STANDARDS = right(
    "jurisdictions.standards", _("Adopt and change the company's own standards"), posts="SP", functions="admin"
)


def find_rules(jurisdiction: str = "", subject: str = "", words: str = "", *, own: Pack | None = None) -> list[Rule]:
    """Rules of these packs and this subject whose number, title, source, article or note holds all the words.

    `own` are the company's standards in force: of each the version that holds today; without them as shipped.
    """
    wanted = [fold(word) for word in words.split()]
    return [
        rule
        for one in packs()
        if jurisdiction in ("", one.code)
        for rule in (_today(own) if own and one.code == own.code else one.rules)
        if subject in ("", rule.subject) and _holds(rule, wanted)
    ]


def _today(own: Pack) -> list[Rule]:
    return [own.rule_on(rule_id, day_of(now())) for rule_id in dict.fromkeys(rule.id for rule in own.rules)]


def subjects() -> list[str]:
    """All subjects that any rule is about."""
    return sorted({rule.subject for one in packs() for rule in one.rules})


def _holds(rule: Rule, wanted: Iterable[str]) -> bool:
    if not wanted:
        return True
    texts = (rule.title, rule.source, rule.article, rule.note, rule.breach)
    held = fold(" ".join([rule.id, *rule.services, *(part for text in texts for part in text.as_json().values())]))
    return all(word in held for word in wanted)
