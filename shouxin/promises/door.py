"""What promises do when others speak: a declared day moves what is open, an erasure is followed; and the timeline."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shouxin.core.drawers import Drawing, draws
from shouxin.jurisdictions.facts import DayDeclared
from shouxin.jurisdictions.labels import ACTS
from shouxin.jurisdictions.standards import titles
from shouxin.jurisdictions.terms import deadline
from shouxin.people.facts import HoursSet
from shouxin.promises.actions import forget
from shouxin.promises.comparing import compare
from shouxin.promises.given import wordings
from shouxin.promises.jobs import redue_after_declaration, redue_after_hours
from shouxin.promises.reading import long_span
from shouxin.promises.telling import due_from
from shouxin.record.erasing import erases
from shouxin.record.subscribers import subscribe
from shouxin.record.verifying import compares

subscribe(DayDeclared, redue_after_declaration, name="promises.recalculate_after_declared_day")
subscribe(HoursSet, redue_after_hours, name="promises.recalculate_after_new_hours")
erases(forget)
compares(compare)


# Why nobody waits for it any longer.
WITHDRAWN_FOR = {
    "released": gettext_noop("The customer released us."),
    "case_closed": gettext_noop("The case was closed: there is nothing to report any more."),
    "withdrawn": gettext_noop("The customer withdrew the request."),
    "duplicate": gettext_noop("It is handled in another case."),
    "not_ours": gettext_noop("It was not a matter for us."),
    "papers_complete": gettext_noop("All documents came in: none had to be requested."),
    "joined": gettext_noop("It is handled together with an earlier case."),
    "other_line": gettext_noop("It holds for another line of insurance."),
    "replaced": gettext_noop("Another investigator was appointed."),
    "not_independent": gettext_noop("The investigator is no longer independent."),
    "no_complaint": gettext_noop("It was not a complaint: nothing is to be investigated."),
    "decided": gettext_noop("It was decided without the findings, with a stated reason."),
    "restarted": gettext_noop("New facts came in: the time limit runs anew."),
}


def _act(entry: Any) -> str:
    """By which act; nobody wrote it down of those kept before acts were named."""
    return _("By: %(act)s") % {"act": _(ACTS[entry.data["act"]])} if entry.data.get("act") in ACTS else ""


def _due(entry: Any) -> str:
    return deadline(due_from(entry.due_at, entry.dims.get("jurisdiction")))


def _title(entry: Any) -> str:
    """What was promised, in the reader's language; as it was recorded where the rule is no longer known."""
    given = wordings().get(entry.rule.removeprefix("given-"))
    return str(given or titles().get((entry.rule, entry.rule_version)) or entry.title)


@draws("PromiseMade")
def draw_made(entry: Any) -> Drawing:
    return Drawing(
        text=_("Promised: %(title)s, by %(due)s") % {"title": _title(entry), "due": _due(entry)}, icon="clock"
    )


@draws("PromisePaused")
def draw_paused(entry: Any) -> Drawing:
    text = _("The clock is paused: %(title)s") % {"title": _title(entry)}
    return Drawing(text=text, icon="pause", detail=entry.content.get("waiting_for", ""))


@draws("PromiseResumed")
def draw_resumed(entry: Any) -> Drawing:
    text = _("The clock runs again: %(title)s, by %(due)s") % {"title": _title(entry), "due": _due(entry)}
    return Drawing(text=text, icon="clock")


@draws("PromiseExtended")
def draw_extended(entry: Any) -> Drawing:
    text = _("More time is needed: %(title)s, by %(due)s") % {"title": _title(entry), "due": _due(entry)}
    return Drawing(text=text, icon="clock", detail=entry.content.get("reason", ""))


@draws("PromiseRedued")
def draw_redued(entry: Any) -> Drawing:
    text = _("The calendar changed: %(title)s, now by %(due)s") % {"title": _title(entry), "due": _due(entry)}
    return Drawing(text=text, icon="clock", detail=entry.why)


@draws("PromiseWarned")
def draw_warned(entry: Any) -> Drawing:
    text = _("Due soon: %(title)s, by %(due)s") % {"title": _title(entry), "due": _due(entry)}
    return Drawing(text=text, icon="clock", tone="soon")


@draws("PromiseKept")
def draw_kept(entry: Any) -> Drawing:
    early = long_span(datetime.fromisoformat(entry.due_at) - entry.happened_at)
    text = _("Promise kept: %(title)s, %(early)s early") % {"title": _title(entry), "early": early}
    return Drawing(text=text, icon="kept", tone="kept", detail=_act(entry))


@draws("PromiseBroken")
def draw_broken(entry: Any) -> Drawing:
    text = _("Promise broken: %(title)s, was due %(due)s") % {"title": _title(entry), "due": _due(entry)}
    return Drawing(text=text, icon="broken", tone="overdue")


@draws("PromiseMadeGood")
def draw_made_good(entry: Any) -> Drawing:
    late = long_span(entry.happened_at - datetime.fromisoformat(entry.due_at))
    text = _("Done %(late)s late: %(title)s") % {"title": _title(entry), "late": late}
    return Drawing(text=text, icon="kept", detail=_act(entry))


@draws("PromiseWithdrawn")
def draw_withdrawn(entry: Any) -> Drawing:
    words = _("(The content was erased.)") if entry.is_erased else entry.content.get("words", "")
    reason = _(WITHDRAWN_FOR[entry.reason]) if entry.reason in WITHDRAWN_FOR else ""
    text = _("No longer owed: %(title)s") % {"title": _title(entry)}
    return Drawing(text=text, detail="\n".join(filter(None, (reason, words))))
