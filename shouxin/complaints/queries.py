"""Complaints as they are looked for."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouxin.cases.models import Case
from shouxin.cases.models.case import CaseQuerySet
from shouxin.cases.queries import visible_to as visible_cases
from shouxin.complaints.models import Complaint, Decision, Findings, Joining, Line
from shouxin.complaints.rules import SAID_AT_INTAKE
from shouxin.core.audience import Audience
from shouxin.core.phones import phone_digits
from shouxin.core.refs import Ref
from shouxin.core.statements import stated
from shouxin.customers.models import ContactPoint, Customer
from shouxin.customers.queries import known_as
from shouxin.jurisdictions.acts import Act
from shouxin.people.models import Staff
from shouxin.promises.clocks import Clock
from shouxin.promises.queries import clocks_about
from shouxin.promises.terms import acts_of
from shouxin.record.queries import told_of

# A telephone number has at least so many digits.
DIALLED = 7


def visible_to(staff: Staff) -> QuerySet[Complaint]:
    """The complaints whose case this person may see, never those against himself."""
    mine = Complaint.objects.filter(case__in=visible_cases(staff)).exclude(against_staff=staff)
    return mine.select_related("case__service", "case__customer", "case__officer", "investigator", "against_agent")


def investigations_of(staff: Staff) -> QuerySet[Complaint]:
    """The open, undecided complaints this person is to investigate and has signed nothing in yet."""
    mine = visible_to(staff).filter(investigator=staff, line=Line.COMPLAINT).exclude(case__state="closed")
    signed = Findings.objects.filter(complaint=OuterRef("pk"), by=staff)
    decided = Decision.objects.filter(complaint=OuterRef("pk"))
    return mine.filter(~Exists(signed), ~Exists(decided)).order_by("case__due_at", "pk")


def findings_clocks(complaints: Iterable[Complaint], *, at: datetime) -> dict[int, Clock]:
    """By when the findings of these complaints are owed, or were: by the case's id the clock that presses most."""
    refs = [each.case.ref for each in complaints]
    clocks = clocks_about(*refs, at=at, audience=Audience.STAFF) if refs else []
    found: dict[int, Clock] = {}
    for clock in clocks:
        promise = clock.reading.promise
        if acts_of(promise) == (Act.FINDINGS,) and promise.is_owed:
            found.setdefault(Ref.parse(promise.subject).id, clock)
    return found


def said_before(complaint: Complaint) -> list[str]:
    """The answers from which its line was drawn last; before that, what was said when it came in."""
    told = told_of(complaint.case.ref, "ComplaintClassified", Audience.STAFF, limit=1)
    known = told[0].data.get("answers") if told else None
    return list(SAID_AT_INTAKE.get(complaint.case.service_id, ())) if known is None else known


@stated
def _complaint(case):
    return Complaint.objects.filter(case=case)


def complaint_for(case: Case) -> Complaint | None:
    """The complaint this case is, with all that its page shows."""
    # Most cases are none, so nothing is joined; the few that are read what they show.
    found = _complaint.first(case=case.pk)
    if found is not None:
        found.case = case
    return found


def asked_by(case: Case) -> CaseQuerySet:
    """The cases of whoever asks in this one: the customer under any number, or those with this contact of theirs."""
    known = known_as(case.customer) if case.customer_id else _reached_by(case.claimed_email, case.claimed_phone)
    return Case.objects.with_people().filter(customer__in=known)


def _reached_by(email: str, phone: str) -> set[int]:
    """Customers who have this as a valid contact of theirs: letter for letter, or all digits."""
    found: set[int] = set()
    for text in filter(None, (email, phone, _dialled(phone))):
        may_be = Customer.objects.standing().matching(text).order_by("pk").values_list("pk", flat=True)[:20]
        points = ContactPoint.objects.filter(customer__in=list(may_be), is_valid=True).values_list("customer", "value")
        found |= {customer for customer, value in points if _is_same_contact(text, value)}
    return found


def _is_same_contact(one: str, other: str) -> bool:
    if "@" in one or "@" in other:
        return one.strip().casefold() == other.strip().casefold()
    return len(_dialled(one)) >= DIALLED and _dialled(one) == _dialled(other)


def _dialled(phone: str) -> str:
    """The digits without a zero before them, which some countries write and others don't."""
    return phone_digits(phone).lstrip("0")


@stated
def _joinings(case):
    mine = Joining.objects.filter(Q(case=case) | Q(other=case), separated_at=None)
    return mine.select_related("case", "other").order_by("pk")


def standing_joinings(case: Case) -> list[Joining]:
    """With which earlier case this one is joined, and which later ones are joined with it."""
    return _joinings(case=case.pk)


def joined_to_earlier(case: Case) -> Joining | None:
    """With which earlier case this one is joined."""
    return next((each for each in standing_joinings(case) if each.case_id == case.pk), None)
