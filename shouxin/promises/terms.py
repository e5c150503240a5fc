"""The terms of a promise: the rule as it was frozen, brought back to life, and what it says about this promise."""

from collections.abc import Iterable
from functools import lru_cache
from json import dumps, loads
from typing import Any

from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.reckoning import Extension, Pause, Reckoning
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.standards import in_force
from shouxin.promises.given import Given
from shouxin.promises.models import Promise, PromiseExtension, PromisePause
from shouxin.promises.telling import ran, seconds_of

MANY_RULES = 1000
# Rules live as long as the process and are hard to hash: known by identity, and held so that it stays theirs.
_FROZEN: dict[int, tuple[Rule | Given, dict[str, Any]]] = {}


def terms_of(promise: Promise) -> Rule | Given:
    """What was agreed, as it stood when the promise was made."""
    text = getattr(promise, "terms_text", None)  # where a list asked for many at once
    return _thawed(text or dumps(promise.terms, sort_keys=True))


@lru_cache(maxsize=1024)
def _thawed(terms: str) -> Rule | Given:
    told = loads(terms)
    return Given.of(told) if "until" in told else Rule.of(told)


def acts_of(promise: Promise) -> tuple[Act, ...]:
    """The acts that keep this promise: those of its frozen terms.

    Promises made before rules named any are kept by what the same rule names today. Where there is no such rule any
    more, by what an officer names.
    """
    terms = terms_of(promise)
    if terms.kept_by:
        return terms.kept_by
    try:
        return in_force(promise.jurisdiction).rule(promise.rule).kept_by or (Act.NAMED,)
    except LookupError:
        return (Act.NAMED,)


def form_of(promise: Promise) -> str:
    """In which form it must be kept; promises made before rules named a form go by what the same rule says today."""
    if "form" in promise.terms:
        return promise.terms["form"]
    try:
        return in_force(promise.jurisdiction).rule(promise.rule).form
    except LookupError:
        return ""


def frozen_fields(rule: Rule | Given) -> dict[str, Any]:
    """The columns a promise takes from its rule; the same object for the same rule, so don't change it."""
    known = _FROZEN.get(id(rule))
    if known is None or known[0] is not rule:
        if len(_FROZEN) > MANY_RULES:
            _FROZEN.clear()
        _FROZEN[id(rule)] = known = (rule, _frozen(rule))
    return known[1]


def _frozen(rule: Rule | Given) -> dict[str, Any]:
    terms = rule.as_json()
    return {
        "rule": terms["id"], "rule_version": terms["version"], "terms": terms, "jurisdiction": terms["jurisdiction"],
        "audience": terms["audience"], "title": _plain(terms["title"]), "source": _plain(terms["source"]),
        "article": _plain(terms["article"]),
    }  # fmt: skip


def _plain(wording: dict[str, str]) -> str:
    """The wording of the record: the script it was written in first."""
    return wording["hant"] or wording["hans"] or wording["en"]


def reckon_again(
    promise: Promise, calendar: Calendar, pauses: Iterable[PromisePause], extensions: Iterable[PromiseExtension]
) -> None:
    """Set the due instant, the warnings and the reckoning from everything that happened; saves nothing."""
    pauses, extensions = list(pauses), list(extensions)
    reckoned = terms_of(promise).reckon(
        promise.start_at,
        calendar,
        [Pause(pause.paused_at, pause.resumed_at, pause.reason) for pause in pauses],
        [Extension(each.step, each.extended_at, each.approver) for each in extensions],
        promise.begun_by,
    )
    set_reckoned(promise, reckoned, calendar, pauses)


def set_reckoned(
    promise: Promise, reckoned: Reckoning, calendar: Calendar, pauses: Iterable[PromisePause] = ()
) -> None:
    """Write a reckoning into the promise; saves nothing."""
    stood = [(pause.paused_at, pause.resumed_at) for pause in pauses if pause.resumed_at]
    promise.due_at = reckoned.due_at
    promise.warn_ats = list(reckoned.warn_at)
    promise.warn_at = min(promise.warn_ats, default=None)
    promise.reckoning = [step.as_json() for step in reckoned.steps]
    promise.calendar_version = calendar.version
    promise.working_seconds = ran(promise, promise.due_at, calendar, stood)["working_seconds"]
    promise.paused_seconds = sum(seconds_of(ended - begun) for begun, ended in stood)
