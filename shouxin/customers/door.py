"""What customers give to the house: their place in the rail, links, how their facts are told."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.drawers import Drawing, draws
from shouxin.core.guards import refuses
from shouxin.core.links import links
from shouxin.core.navigation import rail
from shouxin.core.slots import fills
from shouxin.customers.erasure import ErasingCustomer, Staying, reason_in_words, stays
from shouxin.customers.forgetting import forget, known_words, same_person
from shouxin.customers.forms import REASONS
from shouxin.customers.models import CareNote, Consent, ContactPoint, Customer, Scope
from shouxin.customers.rules import ERASE, SEE_CUSTOMERS
from shouxin.record.erasing import erases, means, personal_words
from shouxin.record.queries import Entry
from shouxin.tables.models import ImportRun

erases(forget)
means(same_person)
personal_words(known_words)
rail(gettext_lazy("Customers"), "customer", "customers:list", order=30, needs=SEE_CUSTOMERS)


@refuses(ErasingCustomer)
def an_import_is_running(_intention: ErasingCustomer) -> str | None:
    """It would write again what is erased meanwhile."""
    if any(not run.is_silent(now()) for run in ImportRun.objects.filter(finished_at=None)):
        return _("An import is running. Please wait until it is through.")
    return None


@stays
def facts_stay(intention: ErasingCustomer) -> list[Staying]:
    """The record itself: that something happened, without a word of what was said."""
    return [Staying(
        _("That something happened: kind, time, service, who of us acted"),
        _("Figures and their proof rest on it. Nothing in it tells who the person was."),
    )]  # fmt: skip


@fills("settings.main", order=90)
def erasures_among_settings(request: HttpRequest, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    return ("customers/_settings.html", {}) if request.user.has(ERASE) else None


@fills("customer.actions", order=90)
def erasure_of_customer(request: HttpRequest, customer: Customer, **_about: Any) -> tuple[str, dict[str, Any]] | None:
    return ("customers/_erase_link.html", {"customer": customer}) if request and request.user.has(ERASE) else None


@links("customer")
def customer_url(customer_id: int, audience: Audience) -> str:
    """The customer's page; the customer himself has another one."""
    number = Customer.objects.filter(pk=customer_id).values_list("number", flat=True).first()
    return reverse("customers:page", args=[number]) if number and audience != Audience.CUSTOMER else ""


def _contact(entry: Entry) -> str:
    kind = ContactPoint.Kind(entry.contact_kind).label
    told = {"added": _("New contact detail: %(kind)s"), "preferred": _("Preferred contact: %(kind)s")}
    return told.get(entry.change, _("Contact detail no longer used: %(kind)s")) % {"kind": kind}


def _shown(entry: Entry) -> str:
    reason = entry.content.get("note") or dict(REASONS).get(entry.reason, entry.reason)
    return _("Personal data shown: %(reason)s") % {"reason": reason}


def _authority(entry: Entry) -> str:
    about = {"scope": Scope(entry.scope).label, "from": entry.from_on, "until": entry.until_on or "–"}
    return _("Representative recorded for %(scope)s, %(from)s to %(until)s") % about


def _care(entry: Entry) -> str:
    told = _("Special note: %(kind)s") if entry.change == "written" else _("Special note ended: %(kind)s")
    return told % {"kind": CareNote.Kind(entry.care_kind).label}


def _reason(entry: Entry) -> dict[str, str]:
    """The words of the reason, until they are erased."""
    return {"reason": entry.content.get("reason", "–")}


TOLD: dict[str, tuple[Callable[[Entry], str], str]] = {
    "CustomerRegistered": (lambda e: _("Registered as a customer"), "customer"),
    "CustomerChanged": (lambda e: _("Details corrected: %(what)s") % {"what": ", ".join(e.changed)}, "file"),
    "ContactChanged": (_contact, "phone"),
    "CustomerMerged": (
        lambda e: _("Merged with another number: %(reason)s") % {"reason": e.content.get("reason", "–")},
        "merge",
    ),
    "CustomerParted": (lambda e: _("Merge undone: %(reason)s") % _reason(e), "link"),
    "PersonalDataShown": (_shown, "search"),
    "SearchedByMaskedData": (lambda e: _("Searched by telephone or identity number"), "search"),
    "AuthorityRecorded": (_authority, "people"),
    "AuthorityRevoked": (
        lambda e: _("Representative revoked: %(reason)s") % {"reason": e.content.get("reason", "–")},
        "people",
    ),
    "ConsentGiven": (lambda e: _("Consent given: %(what)s") % {"what": Consent.Purpose(e.purpose).label}, "check"),
    "ConsentWithdrawn": (
        lambda e: _("Consent withdrawn: %(what)s") % {"what": Consent.Purpose(e.purpose).label},
        "dot",
    ),
    "CareNoted": (_care, "flag"),
    "CustomerErased": (
        lambda e: _("Erased for good: %(why)s") % {"why": " ".join([reason_in_words(e.reason), e.reference]).strip()},
        "eraser",
    ),
}


def _drawer(kind: str) -> None:
    tell, icon = TOLD[kind]
    draws(kind)(lambda entry: Drawing(text=tell(entry), icon=icon))


for _kind in TOLD:
    _drawer(_kind)
