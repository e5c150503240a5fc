"""What the codes of a rule are called, for templates."""

from django import template
from django.utils.translation import gettext as _

from shouxin.jurisdictions import labels

register = template.Library()
_NAMES = {
    "subject": labels.SUBJECTS, "start": labels.STARTS, "unit": labels.UNITS, "roll": labels.ROLLS,
    "mark": labels.MARKS, "binds": labels.BINDS, "audience": labels.AUDIENCES, "reason": labels.REASONS,
}  # fmt: skip


@register.filter
def called(code: str, kind: str) -> str:
    """``{{ rule.subject|called:"subject" }}``; a code without a name is shown as it is."""
    return _(_NAMES[kind][str(code)]) if str(code) in _NAMES[kind] else str(code)


@register.filter
def scoped(scope: str) -> str:
    """For which part of the business a rule holds."""
    return _(scope) if scope in labels.SCOPES else scope


@register.filter
def term(rule) -> str:
    """「30 日曆日」, or a dash where the rule names no number."""
    return f"{rule.limit} {called(rule.unit, 'unit')}" if rule.has_clock else "–"
