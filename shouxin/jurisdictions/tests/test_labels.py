"""Every code that a rule uses has a name for people, and every name is used."""

from shouxin.jurisdictions import labels
from shouxin.jurisdictions.packs import packs

RULES = [rule for one in packs() for rule in one.rules]


def test_every_code_of_a_rule_has_a_name():
    assert {rule.subject for rule in RULES} == set(labels.SUBJECTS)
    assert {rule.start for rule in RULES} == set(labels.STARTS)
    assert {scope for rule in RULES for scope in rule.scope} == labels.SCOPES
    assert {reason for rule in RULES for reason in rule.suspensions} == set(labels.REASONS)
    assert {rule.binds for rule in RULES} == set(labels.BINDS)
    assert {str(rule.audience) for rule in RULES} == set(labels.AUDIENCES)
    assert {str(rule.mark) for rule in RULES} == set(labels.MARKS)
    assert {str(rule.unit) for rule in RULES} | {"hours", "weeks"} == set(labels.UNITS)
    assert {str(rule.roll) for rule in RULES} == set(labels.ROLLS)
