"""What the codes of a rule are called, for templates."""

from django import template
from django.utils.translation import gettext as _

from shouxin.core.templatetags import moment
from shouxin.jurisdictions import labels

register = template.Library()
_NAMES = {
    "subject": labels.SUBJECTS, "start": labels.STARTS | labels.ENDINGS, "unit": labels.UNITS, "roll": labels.ROLLS,
    "mark": labels.MARKS | labels.ADOPTED, "binds": labels.BINDS, "audience": labels.AUDIENCES,
    "reason": labels.REASONS, "act": labels.ACTS, "certainty": labels.CERTAINTY,
}  # fmt: skip


@register.filter
def called(code: str, kind: str) -> str:
    """``{{ rule.subject|called:"subject" }}``; a code without a name is shown as it is."""
    return _(_NAMES[kind][str(code)]) if str(code) in _NAMES[kind] else str(code)


@register.filter
def scoped(scope: str) -> str:
    """For which part of the business a rule holds."""
    return _(labels.SCOPES.get(scope, scope))


@register.filter
def term(rule) -> str:
    """「30 日曆日」, or a dash where the rule names no number."""
    return f"{rule.limit} {called(rule.unit, 'unit')}" if rule.has_clock else "–"


@register.filter
def since(rule) -> str:
    """From which day it says so; or that nobody could find out, or that it is the company's own from its beginning."""
    if rule.valid_from:
        return _("since %(day)s") % {"day": moment.day(rule.valid_from)}
    if rule.jurisdiction == "company":
        return _("since the company has used this system")
    return _("day of coming into force not found")
