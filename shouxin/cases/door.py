"""What this room subscribes to and erases, and how it shows its facts on a timeline."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shouxin.cases import jobs
from shouxin.cases.actions.forgetting import claimed_words, forget, own_cases
from shouxin.cases.channels import label_of
from shouxin.cases.checking import cases_to_check
from shouxin.cases.comparing import compare, subject_of
from shouxin.cases.erasure import TABLES, cases_stay, open_cases
from shouxin.cases.leaving import leavers, remains
from shouxin.cases.lying import of_customer, of_officer
from shouxin.cases.models import Case, Priority
from shouxin.cases.queries import kept_out_of, services, visible_to, wall_of
from shouxin.cases.rights import DIRECT, SEE, TAKE_IN
from shouxin.cases.rules import ClosingReason
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.drawers import Drawing, draws
from shouxin.core.guards import refuses
from shouxin.core.links import links
from shouxin.core.live import snapshot
from shouxin.core.navigation import rail
from shouxin.core.refs import Ref
from shouxin.core.slots import fills
from shouxin.customers.erasure import ErasingCustomer, named, stays
from shouxin.customers.looking_up import NUMBERED
from shouxin.customers.models import Customer
from shouxin.jurisdictions.labels import ENDINGS, STARTS
from shouxin.people.facts import AgentLeft, DepartureAnnounced, StaffLeft
from shouxin.people.models import Staff
from shouxin.people.queries import staff_names
from shouxin.people.sight import sees
from shouxin.people.succession import duties_of
from shouxin.policies.facts import PolicyDelivered
from shouxin.policies.models import Policy
from shouxin.promises import facts as promises
from shouxin.promises.queries import clocks_about
from shouxin.record.erasing import belongs, erases, personal_words
from shouxin.record.subscribers import subscribe
from shouxin.record.verifying import SUBJECTS, compares

NUMBERED.append(lambda number: Case.objects.filter(number=number).exists())
erases(forget)
refuses(ErasingCustomer)(open_cases)
stays(cases_stay)
named(**TABLES)
compares(compare)
SUBJECTS.append(subject_of)
belongs(own_cases)
personal_words(claimed_words)
for fact in (
    promises.PromiseKept, promises.PromiseMadeGood, promises.PromisePaused, promises.PromiseResumed,
    promises.PromiseExtended, promises.PromiseRedued, promises.PromiseWithdrawn,
):  # fmt: skip
    subscribe(fact, jobs.follow, name="cases.follow_promises")
subscribe(promises.PromiseBroken, jobs.breach, name="cases.record_breach")
for fact in (AgentLeft, PolicyDelivered):
    subscribe(fact, jobs.policy_event, name="cases.promise_about_policies")
for fact in (DepartureAnnounced, StaffLeft):
    subscribe(fact, jobs.ask_to_hand_over, name="cases.ask_to_hand_over")


@fills("today.aside", order=10)
def left_cases(request: HttpRequest, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """A leader sees whose cases wait to be handed over."""
    if not request.user.has(DIRECT):
        return None
    return "cases/_leavers.html", {"leavers": leavers(request.user)}


@fills("today.aside", order=5)
def documents_to_check(request: HttpRequest, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """In which of my cases documents came that I have not looked at."""
    found = list(cases_to_check(request.user)[:10])
    return ("cases/_to_check.html", {"cases": found}) if found else None


@fills("customer.main", order=5)
def cases_of_customer(request: HttpRequest, *, customer: Customer, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """What is open for a customer comes first: what they call about is mostly that."""
    if not request.user.has(SEE):
        return None
    return "cases/_of_customer.html", {"lying": of_customer(customer, request.user)}


@fills("customer.actions", order=10)
def taking_in(request: HttpRequest, *, customer: Customer, **about: Any) -> tuple[str, dict[str, Any]] | None:
    return ("cases/_take_in.html", {"customer": customer}) if request.user.has(TAKE_IN) else None


@fills("staff.main", order=20)
def cases_of_officer(request: HttpRequest, *, staff: Staff, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """Colleagues who see cases see what lies with this one."""
    if not request.user.has(SEE):
        return None
    return "cases/_of_officer.html", {"lying": of_officer(staff, request.user), "staff": staff}


@fills("staff.main", order=30)
def left_open(request: HttpRequest, *, staff: Staff, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """What still hangs on somebody who leaves."""
    if staff.left_on is None:
        return None
    left = remains(staff, day_of(now()))
    return "cases/_leaver_remains.html", {"left": left, "staff": staff, "may_direct": request.user.has(DIRECT)} | {
        "may_hand_over": bool(duties_of(staff, request.user, day_of(now())))
    }


def _name(ref: Ref | str | None) -> str:
    """Who, by name; an officer whose row is gone by his number."""
    if not ref:
        return ""
    ref = Ref.parse(ref) if isinstance(ref, str) else ref
    return staff_names().get(ref.id) or str(ref)


def _words(entry: Any) -> str:
    """The words, or that they were erased."""
    return _("(The content was erased.)") if entry.is_erased else entry.content.get("body", "")


def _reason(entry: Any) -> str:
    return _("(The content was erased.)") if entry.is_erased else entry.content.get("reason", "")


@sees(Case.ref_kind)
def seen_cases(staff: Staff, ids: Collection[int]) -> Collection[int]:
    if wall_of(staff) == "all":
        return set(ids) - kept_out_of(staff)
    return visible_to(staff).filter(pk__in=ids).values_list("pk", flat=True)


@draws("CaseOpened")
def draw_opened(entry: Any) -> Drawing:
    service = services().get(entry.dims["service"])
    told = {"channel": label_of(entry.dims["channel"]), "service": service.label if service else entry.dims["service"]}
    return Drawing(text=_("Opened (%(channel)s): %(service)s") % told, icon="inbox", tone="action")


@draws("TouchReceived")
def draw_received(entry: Any) -> Drawing:
    text = _("From the customer (%(channel)s)") % {"channel": label_of(entry.dims["channel"])}
    return Drawing(text=text, icon="inbox", detail=_words(entry))


@draws("ReplySent")
def draw_reply(entry: Any) -> Drawing:
    told = {"channel": label_of(entry.dims["channel"])}
    text = _("First reply (%(channel)s)") if entry.data["first"] else _("Replied (%(channel)s)")
    return Drawing(text=text % told, icon="send", tone="action", detail=_words(entry))


@draws("PersonalDataSeen")
def draw_personal_seen(entry: Any) -> Drawing:
    return Drawing(text=_("The customer's name and contacts were shown to who serves the case"), icon="search")


@draws("CustomerTold")
def draw_told(entry: Any) -> Drawing:
    text = _("The customer was told (%(channel)s)") % {"channel": label_of(entry.dims["channel"])}
    return Drawing(text=text, icon="mail", detail=_words(entry))


@draws("NoteWritten")
def draw_note(entry: Any) -> Drawing:
    return Drawing(text=_("Internal note"), icon="note", detail=_words(entry))


@draws("CallMissed")
def draw_call_missed(entry: Any) -> Drawing:
    return Drawing(text=_("We called and did not reach the customer"), icon="note", detail=_words(entry))


@draws("NoAnswerNeeded")
def draw_no_answer_needed(entry: Any) -> Drawing:
    return Drawing(text=_("Read: no answer is needed, the case stays closed"), icon="check")


@draws("CaseAssigned")
def draw_assigned(entry: Any) -> Drawing:
    text = _("%(name)s took the case") if entry.how == "taken" else _("Assigned to %(name)s")
    return Drawing(text=text % {"name": _name(entry.to)}, icon="person")


@draws("CaseHandedOver")
def draw_handed_over(entry: Any) -> Drawing:
    text = _("Handed over to %(name)s") % {"name": _name(entry.to)}
    return Drawing(text=text, icon="swap", detail=_reason(entry))


@draws("CaseTakenBack")
def draw_taken_back(entry: Any) -> Drawing:
    return Drawing(text=_("Back in the queue for everybody"), icon="back", detail=_reason(entry))


@draws("PapersRequested")
def draw_papers_requested(entry: Any) -> Drawing:
    count = len(entry.papers)
    text = ngettext("%(count)s document requested at once", "%(count)s documents requested at once", count)
    return Drawing(text=text % {"count": count}, icon="paper", tone="soon", detail=_reason(entry))


@draws("PaperReceived")
def draw_paper_received(entry: Any) -> Drawing:
    text = _("Document no longer needed") if entry.waived else _("Document received")
    detail = _("%(count)s still missing") % {"count": entry.missing} if entry.missing else _("All documents received.")
    return Drawing(text=text, icon="paper", tone="calm" if entry.missing else "kept", detail=detail)


@draws("EventRecorded")
def draw_event(entry: Any) -> Drawing:
    name = _((STARTS | ENDINGS).get(entry.event, entry.event))
    text = _("By law (%(rule)s): %(what)s") if entry.by_law else _("It happened: %(what)s")
    return Drawing(text=text % {"rule": entry.by_law, "what": name}, icon="flag", tone="action")


@fills("policy.main", order=10)
def promised_about_policy(request: HttpRequest, policy: Policy, **about: Any) -> tuple[str, dict[str, Any]] | None:
    """What is promised about a policy itself, such as word that its agent has left."""
    clocks = clocks_about(policy.ref, at=now(), audience=Audience.STAFF)
    return ("cases/_about_policy.html", {"clocks": clocks}) if clocks else None


@draws("CaseClosed")
def draw_closed(entry: Any) -> Drawing:
    reason = ClosingReason(entry.reason).label if entry.reason in ClosingReason.values else entry.reason
    return Drawing(
        text=_("Closed: %(reason)s") % {"reason": reason}, icon="check", tone="kept",
        detail=entry.content.get("remark", ""),
    )  # fmt: skip


@draws("CaseReopened")
def draw_reopened(entry: Any) -> Drawing:
    text = _("Reopened: the customer wrote again") if entry.by_customer else _("Reopened")
    return Drawing(text=text, icon="open", tone="soon", detail=_reason(entry))


@draws("CaseLinked")
def draw_linked(entry: Any) -> Drawing:
    other = Case.objects.filter(pk=Ref.parse(entry.other).id).values_list("number", flat=True).first() or entry.other
    text = _("No longer linked with %(number)s") if entry.link == "none" else _("Linked with %(number)s")
    return Drawing(text=text % {"number": other}, icon="link")


@draws("CustomerLinked")
def draw_customer_linked(entry: Any) -> Drawing:
    return Drawing(text=_("Customer identified"), icon="person", tone="kept", detail=_reason(entry))


@draws("CaseChanged")
def draw_changed(entry: Any) -> Drawing:
    texts = []
    if "service" in entry.changed:
        service = services().get(entry.changed["service"][1])
        texts.append(_("Now treated as: %(service)s") % {"service": service.label if service else ""})
    if "priority" in entry.changed:
        texts.append(_("Priority: %(priority)s") % {"priority": Priority(int(entry.changed["priority"][1])).label})
    if "policy" in entry.changed:
        texts.append(_("Policy recorded"))
    return Drawing(text="; ".join(texts), icon="edit")


@draws("LetterSent")
def draw_letter_sent(entry: Any) -> Drawing:
    return Drawing(text=_("Sent (%(channel)s)") % {"channel": label_of(entry.dims["channel"])}, icon="mail")


@draws("LetterFiled")
def draw_letter_filed(entry: Any) -> Drawing:
    text = _("Filed here, not sent (%(channel)s): no mail server is set")
    return Drawing(text=text % {"channel": label_of(entry.dims["channel"])}, icon="mail", tone="soon")


@draws("LetterFailed")
def draw_letter_failed(entry: Any) -> Drawing:
    text = _("Not sent (%(channel)s)") % {"channel": label_of(entry.dims["channel"])}
    detail = _("It is not known whether this was sent.") if entry.failure == "unknown" else entry.failure
    return Drawing(text=text, icon="alert", tone="overdue", detail=detail)


@draws("LetterDelivered")
def draw_letter_delivered(entry: Any) -> Drawing:
    return Drawing(text=_("Reached the customer"), icon="mail", tone="kept")


rail(gettext_lazy("Cases"), "inbox", "cases:list", order=20, needs=SEE)


@links("case")
def case_url(case_id: int, audience: Audience) -> str:
    """The case's page for staff; the customer has another one."""
    if audience == Audience.CUSTOMER:
        return ""
    number = Case.objects.filter(pk=case_id).values_list("number", flat=True).first()
    return reverse("cases:page", args=[number]) if number else ""


@snapshot("case")
def standing_of(keys: set[str]) -> dict[str, Any]:
    """What tells a page of a case that something happened: how often it was touched, in which state, whose it is."""
    told = Case.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    rows = told.values_list("pk", "touch_count", "state", "officer", "due_at")
    return {str(pk): [touches, state, officer, due_at.isoformat()] for pk, touches, state, officer, due_at in rows}
