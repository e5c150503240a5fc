"""What is done with a complaint: one intention, one transaction each."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases.actions.moving import about, require_service, seconds_between
from shouxin.cases.actions.promising import follow, settle
from shouxin.cases.models import Case
from shouxin.complaints.facts import (
    ComplaintAcknowledged,
    ComplaintAimed,
    ComplaintClassified,
    ComplaintDecided,
    ComplaintOpened,
    InvestigatorAppointed,
    RootCauseFound,
)  # fmt: skip
from shouxin.complaints.models import Against, Cause, Complaint, Decision, Outcome, RedressKind
from shouxin.complaints.rules import ACKNOWLEDGED, DECIDE, DISPUTES, HANDLE, Answers, line_of, why_not_independent
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.rights import require
from shouxin.people.models import Agent, Post, Staff
from shouxin.policies.models import Product
from shouxin.promises.models import Promise
from shouxin.record.recording import record


def is_dispute(case: Case) -> bool:
    """Whether this case's service is one where somebody disputes."""
    return case.service_id in DISPUTES


def hold(complaint: Complaint) -> tuple[Complaint, Case]:
    """Case first, then its complaint: the order of all locks."""
    case = Case.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=complaint.case_id)
    held = Complaint.objects.select_for_update(no_key=True, of=("self",)).get(pk=complaint.pk)
    held.case = case
    return held, case


@transaction.atomic
def ensure_complaint(case: Case, *, by: Staff | None = None) -> Complaint:
    """The case as a complaint; made the first time, with the fact that it was lodged when the case was opened."""
    case = Case.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=case.pk)
    complaint, is_new = Complaint.objects.get_or_create(case=case)
    if is_new:
        record(ComplaintOpened(**about(case, by)), at=case.opened_at, source=case.source)
    return complaint


@transaction.atomic
def classify(complaint: Complaint, *, by: Staff, answers: Answers, at: datetime | None = None) -> Complaint:
    """Draw the line between complaint, enquiry and claim from what the handler answers, and say why."""
    at, (complaint, case) = at or now(), hold(complaint)
    require(by.has(HANDLE))
    require_service(by, case, at)
    line, because = line_of(answers)
    was, complaint.line = complaint.line, line
    complaint.save(update_fields=["line"])
    record(ComplaintClassified(**about(case, by), line=line, was=was, because=because), at=at, source=case.source)
    return complaint


@dataclass(frozen=True)
class Target:
    """Whom or what a complaint is against; exactly the one that its kind names."""

    kind: str = Against.COMPANY
    product: Product | None = None
    post: str = ""
    agent: Agent | None = None
    staff: Staff | None = None

    def __str__(self) -> str:
        """The code a fact bears: never a name."""
        if self.agent or self.staff:
            return str((self.agent or self.staff).ref)
        return self.product.code if self.product else self.post


@transaction.atomic
def aim(complaint: Complaint, *, by: Staff, target: Target, at: datetime | None = None) -> Complaint:
    """Say whom or what it is against. An investigator who is no longer independent loses the case at once."""
    at, (complaint, case) = at or now(), hold(complaint)
    require(by.has(HANDLE))
    require_service(by, case, at)
    needed = {Against.PRODUCT: target.product, Against.POST: target.post in Post.values and target.post,
              Against.AGENT: target.agent, Against.STAFF: target.staff, Against.COMPANY: True}  # fmt: skip
    if not needed[Against(target.kind)]:
        raise Refused(_("Say which one: choose the product, post or person complained about."))
    complaint.against_kind, complaint.against_post = target.kind, target.post
    complaint.against_product, complaint.against_agent = target.product, target.agent
    complaint.against_staff = target.staff
    if complaint.investigator and why_not_independent(complaint.investigator, complaint):
        complaint.investigator = None
    complaint.save()
    record(
        ComplaintAimed(**about(case, by), against_kind=target.kind, against=str(target)),
        at=at,
        source=case.source,
    )
    return complaint


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: Staff, at: datetime | None = None) -> Complaint:
    """The customer has been told that we have it and who handles it. Twice is once."""
    at, (complaint, case) = at or now(), hold(complaint)
    require_service(by, case, at)
    return note_acknowledged(complaint, by=by, at=at)


@transaction.atomic
def note_acknowledged(complaint: Complaint, *, by: Staff, at: datetime) -> Complaint:
    """As `acknowledge`, for an answer that has been sent already."""
    complaint, case = hold(complaint)
    if complaint.acknowledged_at is None:
        complaint.acknowledged_at = at
        complaint.save(update_fields=["acknowledged_at"])
        settle(Promise.objects.about(case.ref).owed().filter(rule=ACKNOWLEDGED), at=at, by=by)
        follow(case)
        waited = seconds_between(case.opened_at, at)
        record(ComplaintAcknowledged(**about(case, by), seconds=waited), at=at, source=case.source)
    return complaint


@transaction.atomic
def appoint(complaint: Complaint, *, by: Staff, investigator: Staff, at: datetime | None = None) -> Complaint:
    """Who looks into it: somebody independent of the person complained of."""
    at, (complaint, case) = at or now(), hold(complaint)
    require(by.has(HANDLE))
    require_service(by, case, at)
    require(investigator.has(HANDLE), _("%(name)s does not handle complaints.") % {"name": investigator.name})
    if reason := why_not_independent(investigator, complaint):
        raise Refused(reason)
    former, complaint.investigator = complaint.investigator, investigator
    complaint.save(update_fields=["investigator"])
    record(
        InvestigatorAppointed(
            **about(case, by), investigator=str(investigator.ref), replaced=str(former.ref) if former else ""
        ),
        at=at,
        source=case.source,
    )
    return complaint


@dataclass(frozen=True)
class Redress:
    kind: str = RedressKind.NONE
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was found, and what follows from it."""

    outcome: str
    findings: str
    reasons: str


NO_REDRESS = Redress()


@transaction.atomic
def decide(
    complaint: Complaint, *, by: Staff, verdict: Verdict, redress: Redress = NO_REDRESS, at: datetime | None = None
) -> Decision:
    """Decide with findings and reasons. The person complained of decides nothing."""
    at, (complaint, case) = at or now(), hold(complaint)
    require(by.has(DECIDE))
    require_service(by, case, at)
    if reason := why_not_independent(by, complaint):
        raise Refused(reason)
    if complaint.investigator is None and verdict.outcome != Outcome.WITHDRAWN:
        raise Refused(_("One step left: appoint an investigator before deciding."))
    decision = complaint.decisions.create(
        outcome=verdict.outcome, findings=verdict.findings.strip(),
        reasons=verdict.reasons.strip(), redress_kind=redress.kind,
        redress_amount=redress.amount, redress_currency=redress.currency, by=by, at=at,
    )  # fmt: skip
    amount = f"{redress.amount:.2f}" if redress.amount else ""
    record(
        ComplaintDecided(
            **about(case, by) | {"outcome": verdict.outcome}, redress_kind=redress.kind, redress_amount=amount,
            redress_currency=redress.currency if amount else "",
            seconds=seconds_between(case.opened_at, at),
        ),
        at=at, source=case.source,
        content={"findings": decision.findings, "reasons": decision.reasons},
    )  # fmt: skip
    return decision


@transaction.atomic
def find_cause(complaint: Complaint, *, by: Staff, cause: str, at: datetime | None = None) -> Complaint:
    """Why it came to this, so that the part of the house that can mend it hears of it."""
    at, (complaint, case) = at or now(), hold(complaint)
    require(by.has(HANDLE))
    require_service(by, case, at)
    complaint.cause = Cause(cause)
    complaint.save(update_fields=["cause"])
    record(RootCauseFound(**about(case, by), cause=cause), at=at, source=case.source)
    return complaint


def decision_of(complaint: Complaint) -> Decision | None:
    """The decision that counts: the newest."""
    return complaint.decisions.order_by("-at", "-id").first()
