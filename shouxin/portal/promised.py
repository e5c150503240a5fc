"""Promises as the customer reads them: what we do for them by when; and where we are late, since when and what now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.cases.models import Case
from shouxin.complaints.actions import is_dispute
from shouxin.core.templatetags.moment import long_day
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.terms import last_day
from shouxin.promises.clocks import Clock

# The event from which a next step can be taken although nothing was answered.
ANSWER_OVERDUE = "answer_overdue"
# What a rule is called is for lawyers and officers. By the rule where it is not the usual one of its subject.
OF_RULE = {"CO-04": gettext_lazy("Confirm that we received your complaint")}
OF_SUBJECT = {
    "first_reply": gettext_lazy("Reply to you for the first time"),
    "callback": gettext_lazy("Call you back"),
    "progress": gettext_lazy("Tell you how things stand"),
    "complaint": gettext_lazy("Answer your complaint in writing"),
    "consumer_complaint": gettext_lazy("Answer your complaint in writing"),
    "general_complaint": gettext_lazy("Answer your complaint in writing"),
    "review": gettext_lazy("Tell you the result of the review"),
    "enquiry": gettext_lazy("Answer your question"),
    "papers": gettext_lazy("Tell you which documents are missing"),
    "claim": gettext_lazy("Decide on your claim"),
    "claim_undisputed": gettext_lazy("Pay the part of your claim that is not in dispute"),
    "claim_progress": gettext_lazy("Tell you how your claim stands"),
    "servicing": gettext_lazy("Complete what you asked for"),
    "surrender": gettext_lazy("Pay your surrender value"),
    "loan": gettext_lazy("Pay out your policy loan"),
    "reinstatement": gettext_lazy("Decide on your reinstatement"),
    "data_request": gettext_lazy("Answer your request about your data"),
    "investigation": gettext_lazy("Finish the independent investigation"),
    "satisfaction": gettext_lazy("Contact you about what went wrong"),
}


# Why nobody waits for it any longer, told to the customer: by the reason with which it was withdrawn.
NO_LONGER_OWED = {
    "released": gettext_lazy("You told us that it is no longer needed."),
    "case_closed": gettext_lazy("Your case was closed: there was nothing more to report."),
    "withdrawn": gettext_lazy("You withdrew your request."),
    "duplicate": gettext_lazy("We handle it in your other case."),
    "not_ours": gettext_lazy("It was not a matter that we can decide."),
    "papers_complete": gettext_lazy("All your documents came in: we did not have to ask for any."),
    "joined": gettext_lazy("We handle it together with your earlier case."),
    "other_line": gettext_lazy("It does not apply to your kind of insurance."),
    "restarted": gettext_lazy("New information came in, and the time limit runs anew."),
    "replaced": gettext_lazy("Another colleague investigates now."),
    "not_independent": gettext_lazy("Somebody who has no part in the matter will investigate."),
    "no_complaint": gettext_lazy("There was nothing to investigate."),
    "decided": gettext_lazy("We decided before the investigation was finished."),
    "refusal_told": gettext_lazy("We declined your claim and told you why."),
    "paid": gettext_lazy("We have paid you."),
    "claim_accepted": gettext_lazy("We accepted your claim."),
}


@dataclass(frozen=True)
class Late:
    """The answer is overdue: how late, who has it, what comes next by when, and what the customer may do now."""

    title: str
    next: Clock | None
    way: str = ""
    address: str = ""


def in_words(clock: Clock, words: str = "") -> Clock:
    """The same clock, titled as a promise to the reader, and with an apology where it was broken.

    `words` are what the customer said when they released us from it.
    """
    promise, title = clock.reading.promise, clock.title
    said = OF_RULE.get(promise.rule) or OF_SUBJECT.get(promise.terms.get("subject"), title)
    if promise.is_owed:
        title = _("%(promise)s by %(due)s") % {"promise": said, "due": clock.due_in_words}
        return replace(clock, title=title, left_text=_left(clock))
    detail = (*clock.detail, *([_("You said: “%(words)s”") % {"words": words}] if words else []))
    return replace(clock, title=str(said), left_text=_left(clock), detail=detail)


def _left(clock: Clock) -> str:
    promise = clock.reading.promise
    no_longer = str(NO_LONGER_OWED.get(promise.ended_reason, "")) or _("It is no longer needed.")
    if clock.state == "withdrawn":
        return no_longer
    if clock.state != "broken":
        return clock.left_text
    late = {"number": clock.number, "unit": clock.unit}
    if promise.is_owed:
        return _("We are %(number)s %(unit)s late. We are sorry.") % late
    if promise.ended_reason:
        return _("We were %(number)s %(unit)s late. We are sorry. %(why)s") % (late | {"why": no_longer})
    return _("Done %(number)s %(unit)s late. We are sorry.") % late


def lateness(case: Case, answer: Clock | None, clocks: list[Clock], *, at: datetime) -> Late | None:
    """What to say first when the answer the customer waits for is overdue and still owed."""
    if answer is None or answer.state != "broken" or not answer.reading.promise.is_owed or not case.is_open:
        return None
    ahead = [clock for clock in clocks if clock.is_ticking]
    way, address = _way_out(case, answer, at)
    return Late(answer.left_text, min(ahead, key=lambda clock: clock.due_at, default=None), way, address)


def _way_out(case: Case, answer: Clock, at: datetime) -> tuple[str, str]:
    """Where the jurisdiction's next step is open because nothing was answered in time: who, until when."""
    found = pack(case.jurisdiction)
    step = found.next_steps.get("complaint")
    if step is None or not step.rule or not is_dispute(case) or answer.reading.promise.jurisdiction != found.code:
        return "", ""
    rule, calendar = found.rule(step.rule), answer.reading.calendar
    if ANSWER_OVERDUE not in rule.starts:
        return "", ""
    # From the day on which the term ended: midnight belongs to it.
    until = rule.due(answer.due_at - timedelta.resolution, calendar)
    if until <= at:
        return "", ""
    told = {"body": step.body, "day": long_day(last_day(until.astimezone(calendar.zone)))}
    return _("Because we have not answered in time, you can apply to %(body)s now, until %(day)s.") % told, step.address
