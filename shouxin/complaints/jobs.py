"""What this room does when something happens to a case: handlers of its subscriptions, each called once a fact."""

from typing import Any

from shouxin.cases.channels import is_spoken
from shouxin.cases.models import Case
from shouxin.complaints.actions import ensure_complaint, handling, is_dispute, note_acknowledged, release_investigator
from shouxin.complaints.facts import ComplaintClosed
from shouxin.complaints.joining import join_known, release
from shouxin.complaints.models import Complaint, Line
from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.people.models import Staff
from shouxin.record.queries import entry_of


def lodge_dispute(fact_id: int, told: dict[str, Any]) -> None:
    """A case of a disputing service becomes a complaint by itself; the handler may draw the line otherwise."""
    case = Case.objects.with_people().get(pk=Ref.parse(told["subject"]).id)
    if is_dispute(case):
        ensure_complaint(case)


def acknowledge_by_reply(fact_id: int, told: dict[str, Any]) -> None:
    """Our first answer to a complaint acknowledges it."""
    complaint = Complaint.objects.filter(case=Ref.parse(told["subject"]).id, acknowledged_at=None).first()
    answer = entry_of(fact_id, Audience.STAFF)
    if complaint is None or answer is None or not told.get("first") or answer.actor is None:
        return
    officer = Staff.objects.filter(pk=answer.actor.id).first()
    if officer is not None:
        spoken = is_spoken(answer.dims.get("channel", ""))
        note_acknowledged(complaint, by=officer, at=answer.happened_at, spoken=spoken)


def join_when_known(fact_id: int, told: dict[str, Any]) -> None:
    """We know now who asks: what he asked before is found, and joined where the rule says so."""
    case = Case.objects.with_people().get(pk=Ref.parse(told["subject"]).id)
    said = entry_of(fact_id, Audience.STAFF)
    if case.customer_id and said is not None:
        join_known(case, at=said.happened_at)


def release_joined(fact_id: int, told: dict[str, Any]) -> None:
    """A term ended undecided: those that were joined with it have their own."""
    ended = entry_of(fact_id, Audience.STAFF)
    subject = Ref.parse(told["subject"])
    if ended is None or subject.kind != Case.ref_kind:
        return
    release(Case.objects.get(pk=subject.id), ended.dims["rule"], reason=told["reason"], at=ended.happened_at)


def release_investigator_who_serves(fact_id: int, told: dict[str, Any]) -> None:
    """The case went to its own investigator: their time limit ends and somebody else is to be named."""
    complaint = Complaint.objects.filter(case=Ref.parse(told["subject"]).id).exclude(investigator=None).first()
    given = entry_of(fact_id, Audience.STAFF)
    if complaint is not None and given is not None:
        release_investigator(complaint, at=given.happened_at)


def end_complaint(fact_id: int, told: dict[str, Any]) -> None:
    """The closing of a complaint's case is the end of the complaint."""
    complaint = Complaint.objects.filter(case=Ref.parse(told["subject"]).id).first()
    closing = entry_of(fact_id, Audience.STAFF)
    if complaint is None or closing is None:
        return
    with handling(complaint, by=None, at=closing.happened_at) as (work, held):
        if held.line != Line.COMPLAINT:
            return
        decision = held.decisions.first()
        work.record(
            ComplaintClosed,
            **closing.dims
            | {"actor": closing.actor, "outcome": decision.outcome if decision else "", "rule": ""},
            seconds=closing.seconds, working_seconds=closing.working_seconds,
            days=closing.data.get("days"), working_days=closing.data.get("working_days"),
            recovery=f"{decision.redress_amount:.2f}" if decision and decision.redress_amount else "",
        )  # fmt: skip
