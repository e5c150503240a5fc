"""What is done with a complaint: one intention, one transaction each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.cases.kit import Work, working_on
from shouxin.cases.models import Case
from shouxin.complaints.facts import (
    ComplaintAcknowledged,
    ComplaintAimed,
    ComplaintClassified,
    ComplaintDecided,
    ComplaintOpened,
    FindingsSigned,
    InvestigatorAppointed,
    RootCauseFound,
)  # fmt: skip
from shouxin.complaints.models import Against, Cause, Complaint, Decision, Findings, Line, Outcome, RedressKind
from shouxin.complaints.queries import findings_clocks
from shouxin.complaints.rules import (
    DECIDE,
    DISPUTES,
    HANDLE,
    INVESTIGATOR_NAMED,
    Answers,
    line_of,
    why_not_independent,
    why_not_investigator,
)
from shouxin.core.guards import Refused
from shouxin.core.links import link_for
from shouxin.core.rights import Right, require
from shouxin.jurisdictions.acts import Act
from shouxin.people.models import Agent, Post, Staff
from shouxin.people.notices import notify, settle
from shouxin.policies.models import Product


def is_dispute(case: Case) -> bool:
    """Whether this case's service is one where somebody disputes."""
    return case.service_id in DISPUTES


@contextmanager
def handling(
    complaint: Complaint, *, by: Staff | None, at: datetime | None = None, needs: Right | None = HANDLE,
    serves: bool = True,
) -> Iterator[tuple[Work, Complaint]]:  # fmt: skip
    """Act on a complaint: its case is locked first, then the complaint; see `cases.kit`."""
    with working_on(complaint.case_id, by=by, at=at, needs=needs, serves=serves) as work:
        held = Complaint.objects.select_for_update(no_key=True, of=("self",)).get(pk=complaint.pk)
        held.case = work.case
        yield work, held


def ensure_complaint(case: Case, *, by: Staff | None = None) -> Complaint:
    """The case as a complaint; made the first time, with the fact that it was lodged when the case was opened."""
    with working_on(case, by=by, at=case.opened_at, serves=False) as work:
        complaint, is_new = Complaint.objects.get_or_create(case=work.case)
        if is_new:
            work.record(ComplaintOpened)
    return complaint


def classify(complaint: Complaint, *, by: Staff, answers: Answers, at: datetime | None = None) -> Complaint:
    """Draw the line between complaint, enquiry and claim from what the handler answers, and say why."""
    with handling(complaint, by=by, at=at) as (work, held):
        line, because = line_of(answers)
        was, held.line = held.line, line
        held.save(update_fields=["line"])
        if line != Line.COMPLAINT:
            _end_findings(held.investigator, work, reason="no_complaint")
        elif was != Line.COMPLAINT and held.investigator:
            _owe_findings(held, work)
        work.record(ComplaintClassified, line=line, was=was, because=because, answers=answers.ticked)
    return held


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


def aim(complaint: Complaint, *, by: Staff, target: Target, at: datetime | None = None) -> Complaint:
    """Say whom or what it is against. An investigator who is no longer independent loses the case at once.

    A colleague it is against is kept out of the case: reads, serves and hands over nothing of it, and loses it.
    """
    needed = {Against.PRODUCT: target.product, Against.POST: target.post in Post.values and target.post,
              Against.AGENT: target.agent, Against.STAFF: target.staff, Against.COMPANY: True}  # fmt: skip
    with handling(complaint, by=by, at=at) as (work, held):
        if not needed[Against(target.kind)]:
            raise Refused(_("Say which one: choose the product, post or person complained about."))
        held.against_kind, held.against_post = target.kind, target.post
        held.against_product, held.against_agent = target.product, target.agent
        held.against_staff = target.staff
        if held.investigator and why_not_independent(held.investigator, held):
            held.investigator = None
            work.withdraw(Act.FINDINGS, reason="not_independent")
        held.save()
        work.keep_out(*filter(None, [target.staff]))
        work.record(ComplaintAimed, against_kind=target.kind, against=str(target))
    return held


def acknowledge(complaint: Complaint, *, by: Staff, at: datetime | None = None) -> Complaint:
    """The customer has been told that we have it and who handles it. Twice is once."""
    with handling(complaint, by=by, at=at, needs=None) as (work, held):
        _acknowledged(held, work)
    return held


def note_acknowledged(complaint: Complaint, *, by: Staff, at: datetime, spoken: bool = False) -> Complaint:
    """As `acknowledge`, for an answer that has been sent already, or that was spoken."""
    with handling(complaint, by=by, at=at, needs=None, serves=False) as (work, held):
        _acknowledged(held, work, spoken=spoken)
    return held


def _acknowledged(held: Complaint, work: Work, *, spoken: bool = False) -> None:
    if held.acknowledged_at is None:
        held.acknowledged_at = work.at
        held.save(update_fields=["acknowledged_at"])
        fact = work.record(ComplaintAcknowledged, seconds=work.since_opening)
        work.keep(Act.ACKNOWLEDGEMENT, fact=fact, spoken=spoken)


def appoint(complaint: Complaint, *, by: Staff, investigator: Staff, at: datetime | None = None) -> Complaint:
    """Who looks into it: independent of the person complained of, and not who handles the case.

    Their time limit runs from here; the same person named twice is named once.
    """
    with handling(complaint, by=by, at=at) as (work, held):
        require(investigator.has(HANDLE), _("%(name)s does not handle complaints.") % {"name": investigator.name})
        if reason := why_not_investigator(investigator, held):
            raise Refused(reason)
        former, held.investigator = held.investigator, investigator
        if former == investigator:
            _owe_findings(held, work)
            return held
        held.save(update_fields=["investigator"])
        replaced = str(former.ref) if former else ""
        fact = work.record(InvestigatorAppointed, investigator=str(investigator.ref), replaced=replaced)
        _end_findings(former, work, reason="replaced")
        if held.line == Line.COMPLAINT:
            work.announce(INVESTIGATOR_NAMED, fact=fact, bearer=investigator)
        _ask(investigator, held, at=work.at)
    return held


def _owe_findings(held: Complaint, work: Work) -> None:
    """The investigator who was named before has a time limit, where one is due and none runs."""
    if held.line == Line.COMPLAINT and findings_of(held) is None and decision_of(held) is None:
        work.announce(INVESTIGATOR_NAMED, bearer=held.investigator)


def _end_findings(investigator: Staff | None, work: Work, *, reason: str) -> None:
    """Findings are owed no longer, and the investigator is not asked for them any more."""
    work.withdraw(Act.FINDINGS, reason=reason)
    if investigator is not None:
        settle(link_for(work.case.ref), staff=investigator, at=work.at)


def release_investigator(complaint: Complaint, *, at: datetime) -> None:
    """Who serves the case now can't investigate it: they are told to name somebody else. What they signed stays."""
    with handling(complaint, by=None, at=at) as (work, held):
        who = held.investigator
        if who is None or work.case.officer_id != who.pk or findings_of(held) is not None:
            return
        held.investigator = None
        held.save(update_fields=["investigator"])
        _end_findings(who, work, reason="not_independent")
        if work.case.is_open and held.line == Line.COMPLAINT and decision_of(held) is None:
            with translation.override(who.language):
                text = f"{work.case.number}：{_('You handle this case now: name somebody else to investigate it.')}"
            notify(who, text, url=link_for(work.case.ref), at=at)


def _ask(investigator: Staff, complaint: Complaint, *, at: datetime) -> None:
    """The investigator is told what is asked and by when."""
    clock = findings_clocks([complaint], at=at).get(complaint.case_id)
    with translation.override(investigator.language):
        about = {"number": complaint.case.number, "due": clock.due_on_wall if clock else ""}
        text = (
            _("You are asked to investigate the complaint %(number)s independently. Findings due: %(due)s")
            if clock
            else _("You are asked to investigate the complaint %(number)s independently.")
        )
    notify(investigator, text % about, url=link_for(complaint.case.ref), at=at)


def sign_findings(
    complaint: Complaint, *, by: Staff, text: str, change: str = "", at: datetime | None = None
) -> Findings:
    """The investigator writes down what was found and signs it; `change` says why earlier findings are mended."""
    with handling(complaint, by=by, at=at, serves=False) as (work, held):
        require(held.investigator_id == by.pk, _("Only the investigator signs the findings."))
        if work.case.officer_id == by.pk:  # took the case over after being named
            raise Refused(_("You handle this case now: name somebody else to investigate it."))
        if not text.strip():
            raise Refused(_("One step left: write down what you found."))
        if findings_of(held) is not None and not change.strip():
            raise Refused(_("One step left: say why the findings are changed."))
        findings = held.findings.create(text=text.strip(), change=change.strip(), by=by, at=work.at)
        fact = work.record(FindingsSigned, seconds=work.since_opening)
        work.keep(Act.FINDINGS, fact=fact)
        settle(link_for(work.case.ref), staff=by, at=work.at)
    return findings


def findings_of(complaint: Complaint) -> Findings | None:
    """What the present investigator has signed, the newest; None while it is owed."""
    return complaint.findings.filter(by=complaint.investigator_id).first() if complaint.investigator_id else None


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
    change: str = ""  # why an earlier decision is changed
    without: str = ""  # why it is decided although the investigator has signed nothing

    @property
    def is_withdrawn(self) -> bool:
        return self.outcome == Outcome.WITHDRAWN


NO_REDRESS = Redress()


def decide(
    complaint: Complaint, *, by: Staff, verdict: Verdict, redress: Redress = NO_REDRESS, at: datetime | None = None,
    seen: int | None = None,
) -> Decision:  # fmt: skip
    """Decide with findings and reasons. The person complained of decides nothing.

    `seen` is the number of the decision that who decides has read (0: none yet); another one meanwhile is told.
    """
    with handling(complaint, by=by, at=at, needs=DECIDE) as (work, held):
        if reason := why_not_independent(by, held):
            raise Refused(reason)
        if held.investigator is None and not verdict.is_withdrawn:
            raise Refused(_("One step left: appoint an investigator before deciding."))
        is_owed = not verdict.is_withdrawn and findings_of(held) is None
        if is_owed and not verdict.without.strip():
            raise Refused(
                _("%(name)s has not signed the findings yet. Wait for them, or say why it is decided without.")
                % {"name": held.investigator.name}
            )
        latest = decision_of(held)
        if seen is not None and seen != (latest.pk if latest else 0):
            raise Refused(_("Someone else has decided in the meantime. Read the decision above; your text is kept."))
        if latest is not None and not verdict.change.strip():
            raise Refused(_("One step left: say why the decision is changed."))
        decision = held.decisions.create(
            outcome=verdict.outcome, findings=verdict.findings.strip(),
            reasons=verdict.reasons.strip(), redress_kind=redress.kind,
            redress_amount=redress.amount, redress_currency=redress.currency, by=by, at=work.at,
            change=verdict.change.strip(), without_findings=verdict.without.strip() if is_owed else "",
        )  # fmt: skip
        _end_findings(held.investigator, work, reason="withdrawn" if verdict.is_withdrawn else "decided")
        amount = f"{redress.amount:.2f}" if redress.amount else ""
        work.record(
            ComplaintDecided, outcome=verdict.outcome, redress_kind=redress.kind, redress_amount=amount,
            redress_currency=redress.currency if amount else "", seconds=work.since_opening,
            content={"findings": decision.findings, "reasons": decision.reasons}
            | ({"change": decision.change} if decision.change else {})
            | ({"without": decision.without_findings} if decision.without_findings else {}),
        )  # fmt: skip
    return decision


def find_cause(complaint: Complaint, *, by: Staff, cause: str, at: datetime | None = None) -> Complaint:
    """Why it came to this, so that the part of the house that can mend it hears of it."""
    with handling(complaint, by=by, at=at) as (work, held):
        held.cause = Cause(cause)
        held.save(update_fields=["cause"])
        work.record(RootCauseFound, cause=cause)
    return held


def decision_of(complaint: Complaint) -> Decision | None:
    """The decision that counts: the newest."""
    return complaint.decisions.order_by("-at", "-id").first()
