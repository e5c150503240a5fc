"""The final letter: what we found, what we decide and why, and what the customer can do next, until when."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.cases.kit import calendar_key_of
from shouxin.cases.models import Case
from shouxin.complaints.models import Decision, FinalLetter, Outcome, RedressKind
from shouxin.core import files
from shouxin.core.money import amount_text, currency_name
from shouxin.core.pdf import render_pdf
from shouxin.core.templatetags.moment import weekday
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.terms import last_day
from shouxin.people.logo import logo
from shouxin.people.queries import company

TEMPLATE = Path(__file__).parent / "final_letter.typ"


def long_day(day: date) -> str:
    """2026 年 11 月 27 日(五)."""
    return _("%(year)s-%(month)s-%(day)s (%(weekday)s)") % {
        "year": day.year, "month": day.month, "day": day.day, "weekday": weekday(day)
    }  # fmt: skip


def next_step_until(case: Case, received_at: datetime, calendar: Calendar | None = None) -> date | None:
    """The last day for the customer's next step if the letter reaches them at `received_at`: the day to be named.

    A day of the case's calendar, wherever the company is. Whoever has that calendar at hand gives it.
    """
    found = pack(case.jurisdiction)
    if "complaint" not in found.next_steps:
        return None
    until = found.next_step_until("complaint", received_at, calendar or calendar_of(calendar_key_of(case)))
    return last_day(until) if until else None


def letter_data(decision: Decision, *, at: datetime) -> dict[str, Any]:
    """Everything the letter says, in the customer's language, JSON-plain."""
    case = decision.complaint.case
    with translation.override(case.language):
        name = case.customer.name if case.customer_id else case.claimed_name
        house, day_of = company(), calendar_of(calendar_key_of(case)).day_of
        return {
            "seal": "信", "lang": "en" if case.language == "en" else "zh", "company": house.name if house else "",
            "contact": " · ".join(filter(None, [house.service_phone, house.address])) if house else "",
            "number": case.number, "sent_on": long_day(day_of(at)), "title": _("Our response to your complaint"),
            "number_line": _("Case %(number)s · received %(day)s") % {
                "number": case.number, "day": long_day(day_of(case.opened_at))
            },
            "addressee": _("%(name)s") % {"name": name},
            "opening": _("Thank you for telling us. We have looked into what you wrote, and this is our final "
                         "response."),
            "parts": [
                {"heading": _("What we found"), "text": decision.findings},
                {"heading": _("Our decision"), "text": _decided(decision)},
                {"heading": _("Why"), "text": decision.reasons},
            ],
            "next": next_step(case, at), "legal": _legal(case),
            "closing": _("Yours sincerely"), "signature": f"{house.name if house else ''} {decision.by.name}",
        }  # fmt: skip


def _decided(decision: Decision) -> str:
    said = {
        Outcome.UPHELD: _("You are right."),
        Outcome.PARTLY: _("You are right in part."),
        Outcome.REFUSED: _("After careful review, we maintain our position."),
        Outcome.WITHDRAWN: _("You have withdrawn your complaint; we have closed it as you wished."),
    }[Outcome(decision.outcome)]
    if decision.redress_kind == RedressKind.NONE:
        return said
    given = RedressKind(decision.redress_kind).label
    if decision.redress_amount:
        given = _("%(kind)s: %(amount)s %(currency)s") % {
            "kind": given, "amount": amount_text(decision.redress_amount),
            "currency": currency_name(decision.redress_currency),
        }  # fmt: skip
    return f"{said} {given}"


def next_step(case: Case, at: datetime | None) -> dict[str, str]:
    """What a customer can do who does not agree, and until when if the answer is of this instant."""
    step = pack(case.jurisdiction).next_steps.get("complaint")
    heading = _("If you do not agree")
    if step is None:
        return {"heading": heading, "text": _("Write to us again: someone who was not involved will review it.")}
    text = str(step.text)
    if at is not None and (until := next_step_until(case, at)):
        text += "\n" + _("If this letter reaches you today, the last day is %(day)s.") % {"day": long_day(until)}
    return {"heading": heading, "text": text}


def _legal(case: Case) -> str:
    """The legal wording, after everything that was said plainly; never converted by machine."""
    found = pack(case.jurisdiction)
    step = found.next_steps.get("complaint")
    if step is None or not step.rule:
        return ""
    rule = found.rule(step.rule)
    return f"{rule.source} {rule.article}"


def letter_as_sent(letter: FinalLetter) -> bytes:
    """The letter as it was sent; one of which no file was kept (an example's) is made again as of that instant."""
    return files.read(letter.checksum) if letter.checksum else render_letter(letter.decision, at=letter.sent_at)


def render_letter(decision: Decision, *, at: datetime) -> bytes:
    """The letter as a PDF."""
    picture = logo()
    return render_pdf(TEMPLATE, letter_data(decision, at=at), picture=picture.content if picture else b"")
