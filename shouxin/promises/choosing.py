"""Which rules an event begins for a service: the law's where the case belongs, and the company's own."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from shouxin.jurisdictions import labels
from shouxin.jurisdictions.events import BY_ITSELF, endings_for
from shouxin.jurisdictions.packs import COMPANY, pack
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.terms import Roll

SHIPPED = pack(COMPANY)
# Every service owes a first reply.
FIRST_REPLY = "first_reply"
# What the company promises in every service, whatever its entry in the catalogue names.
IN_EVERY_SERVICE = (FIRST_REPLY, "callback", "papers", "investigation")
# What runs from one report of how things stand to the next: kept by a reply that reports, and promised anew by it.
FIRST_REPORT, LAST_REPORT = "first_report", "last_report"
REPORTS = (FIRST_REPORT, LAST_REPORT)


@lru_cache(maxsize=2048)
def rules_begun(
    service: str, subjects: tuple[str, ...], jurisdiction: str, day: date, events: tuple[str, ...],
    scopes: frozenset[str], own: Pack = SHIPPED,
) -> tuple[Rule, ...]:  # fmt: skip
    """The rules these events begin that day, where the policy is of these `scopes`.

    `own` are the company's standards: who promises gives those in force, here and in the functions below.
    Where a law has its own term for the second report, later ones wait.
    """
    found = [_within(rule, scopes, day, own) for rule in _begun(service, subjects, jurisdiction, day, events, own)]
    held = [rule for rule in found if rule.has_clock and scopes.issuperset(rule.scope)]
    second = {rule.subject for rule in held if rule.start == FIRST_REPORT}
    return tuple(rule for rule in held if not (rule.start == LAST_REPORT and rule.subject in second))


@lru_cache(maxsize=2048)
def events_of(
    service: str, subjects: tuple[str, ...], jurisdiction: str, day: date, scopes: frozenset[str],
    own: Pack = SHIPPED,
) -> tuple[str, ...]:  # fmt: skip
    """What may happen in such a case that begins a rule or ends one, for an officer to record, in the data's order."""
    events = tuple(labels.STARTS)
    begun = rules_begun(service, subjects, jurisdiction, day, events, scopes, own)
    windows = pack(jurisdiction).rules_for_customers(service, day)
    starts = [start for rule in (*begun, *windows) for start in rule.starts if start]
    ends = [ending for rule in begun for ending in endings_for(rule)]
    return tuple(event for event in dict.fromkeys([*starts, *ends]) if event not in BY_ITSELF)


@lru_cache(maxsize=2048)
def rules_of_policy(
    jurisdiction: str, event: str, day: date, scopes: frozenset[str], own: Pack = SHIPPED
) -> tuple[Rule, ...]:
    """What begins with something that happens to a policy or its agent, whether or not there is a case."""
    found = [
        _within(rule, scopes, day, own)
        for source in (pack(jurisdiction), own)
        for rule in source.rules
        if event in rule.starts and rule.is_on and rule.binds == "insurer" and rule.is_valid_on(day)
    ]
    return tuple(rule for rule in found if rule.has_clock and scopes.issuperset(rule.scope))


def asks_for_scopes(
    service: str, subjects: tuple[str, ...], jurisdiction: str, day: date, events: tuple[str, ...],
    own: Pack = SHIPPED,
) -> bool:  # fmt: skip
    """Whether it matters which policy it is about; mostly it does not, and nobody has to look."""
    return any(rule.scope or rule.within for rule in _begun(service, subjects, jurisdiction, day, events, own))


@lru_cache(maxsize=2048)
def _begun(
    service: str, subjects: tuple[str, ...], jurisdiction: str, day: date, events: tuple[str, ...], own: Pack
) -> tuple[Rule, ...]:
    return tuple(
        rule
        for source in (pack(jurisdiction), own)
        for rule in source.rules_begun(service, (*IN_EVERY_SERVICE, *subjects), day, events)
        if not rule.is_backward
    )


def _within(rule: Rule, scopes: frozenset[str], day: date, own: Pack) -> Rule:
    """A term that ends with another of the same pack takes its length: a call within the cooling-off period.

    Of several that fit the policy the shortest, so that it is in time for all. None: no clock here, the contract says.
    """
    if not rule.within:
        return rule
    others = (own if rule.jurisdiction == own.code else pack(rule.jurisdiction)).rules_for(rule.within, day, binds="")
    fitting = [other for other in others if other.start == rule.start and scopes.issuperset(other.scope)]
    if not fitting:
        return rule
    term = min(fitting, key=lambda other: other.limit or 0)
    return replace(rule, limit=term.limit, unit=term.unit, roll=Roll.NONE)


def beginning(rule: Rule, events: Iterable[str]) -> str:
    """Which of these events it was that begins this rule."""
    return next((event for event in events if event in rule.starts), "")


def begun_by_report(is_first: bool) -> tuple[str, ...]:
    """The events that a report is; the first answer counts as one that others follow."""
    return REPORTS if is_first else (LAST_REPORT,)


def ends_with_the_case(terms: Any) -> bool:
    """Whether it is owed only as long as there is something to report: by a rule that runs from report to report."""
    return any(event in REPORTS for event in getattr(terms, "starts", ()))


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
