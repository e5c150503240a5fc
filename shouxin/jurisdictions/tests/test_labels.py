"""Every code that a rule uses has a name for people, and every name is used."""

import re
from datetime import UTC, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.jurisdictions import labels
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.packs import packs

RULES = [rule for one in packs() for rule in one.rules]


def test_every_code_of_a_rule_has_a_name():
    assert {rule.subject for rule in RULES} == set(labels.SUBJECTS)
    assert {start for rule in RULES for start in rule.starts} == set(labels.STARTS)
    assert {scope for rule in RULES for scope in rule.scope} == set(labels.SCOPES)
    assert {reason for rule in RULES for reason in rule.suspensions} == set(labels.REASONS)
    assert set(Act) == set(labels.ACTS)
    assert {rule.binds for rule in RULES} == set(labels.BINDS)
    assert {str(rule.audience) for rule in RULES} == set(labels.AUDIENCES)
    assert {str(rule.mark) for rule in RULES} == set(labels.MARKS)
    assert {str(rule.unit) for rule in RULES} | {"hours", "weeks"} == set(labels.UNITS)
    assert {str(rule.roll) for rule in RULES} == set(labels.ROLLS)


def test_every_line_of_a_reckoning_is_told_in_chinese():
    at = datetime(2026, 1, 20, 9, tzinfo=UTC)
    told = {
        text
        for one in packs()
        if one.has_calendar
        for rule in one.rules
        if rule.has_clock
        for step in rule.reckon(at, one.calendar()).steps
        for text in (step.label, step.text)
    }
    with translation.override("zh-hant"):
        untold = {text for text in told if re.search("[a-z]{3,}", re.sub(r"%\(\w+\)s", "", text)) and _(text) == text}
    assert not untold
