"""Which rules an event begins for a service: the law's where the case belongs, and the company's own."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.rule import Rule

# The subject of the promise that any answer keeps.
FIRST_REPLY = "first_reply"
# Every answer tells the customer how it stands: what runs from such a report is kept by the next, and made anew.
FIRST_REPORT, LAST_REPORT = "first_report", "last_report"
REPORTS = (FIRST_REPORT, LAST_REPORT)


@lru_cache(maxsize=2048)
def rules_begun(
    service: str, subjects: tuple[str, ...], jurisdiction: str, day: date, events: tuple[str, ...]
) -> tuple[Rule, ...]:
    """The rules these events begin that day. Where a law has its own term for the second report, later ones wait."""
    found = [
        rule
        for source in (pack(jurisdiction), pack("company"))
        for subject in (FIRST_REPLY, *subjects)
        for event in events
        for rule in source.rules_for(subject, day, service=service, start=event)
        if not rule.scope and not rule.is_backward
    ]
    second = {rule.subject for rule in found if rule.start == FIRST_REPORT}
    waits = [rule for rule in found if rule.start == LAST_REPORT and rule.subject in second]
    return tuple(rule for rule in dict.fromkeys(found) if rule not in waits)


def begun_by_report(is_first: bool) -> tuple[str, ...]:
    """The events that an answer is."""
    return REPORTS if is_first else (LAST_REPORT,)


Joiner = Callable[[Any, Rule], bool]
_JOINERS: list[Joiner] = []


def joins(joiner: Joiner) -> Joiner:
    """Register, from a higher room's door, who knows whether the same was asked before: ``joiner(case, rule)``.

    It keeps that they are joined, and answers True: then one term runs for both, and no second one is begun.
    """
    if joiner not in _JOINERS:
        _JOINERS.append(joiner)
    return joiner


def is_joined(case: Any, rule: Rule) -> bool:
    """Whether this is promised already, by an earlier case that asks the same; only where the rule says so."""
    return rule.joins_repeats and any(joiner(case, rule) for joiner in _JOINERS)
