"""The papers of a case: one complete request for what is missing, and what happens when it came."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from shouxin.cases import queries
from shouxin.cases.actions.conversation import answered
from shouxin.cases.actions.letters import BY_POST, notice_arrived
from shouxin.cases.actions.moving import about, known_touch, locked, move, require_service
from shouxin.cases.actions.promising import begin_anew, follow
from shouxin.cases.facts import PaperReceived, PapersRequested
from shouxin.cases.models import Attachment, Case, Direction, Paper, Touch
from shouxin.cases.rules import PAPERS_COMPLETE, WAITING_FOR_PAPERS, Answer, Move, split_papers, with_list
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.jurisdictions.acts import Act
from shouxin.people.models import Staff
from shouxin.promises.actions import pause_about, resume_about, withdraw
from shouxin.promises.models import Promise
from shouxin.promises.terms import acts_of
from shouxin.record.recording import record


@transaction.atomic
def request_papers(case: Case, *, by: Staff, papers: list[str], body: str, again: str = "", **how: Any) -> Touch:
    """Ask for everything that is missing, at once; the clocks whose rule allows it stand still.

    The letter names each of them below `body`, unless its writer did.

    `papers` are codes of the service's list, or titles of others. Asking a second time needs a reason: `again`.
    """
    answer = Answer(**how)
    at, case = answer.at or now(), locked(case)
    body = with_list(body, [paper.title for paper in _wanted(case, papers)])
    if (known := known_touch(answer.key, case, answer.digest(body))) is not None:
        return known
    require_service(by, case, at)
    asked_before = case.papers.filter(asked_at__isnull=False).exists()
    if asked_before and not again.strip():
        raise Refused(_("Documents have already been requested. Please write down why more are needed now."))
    asked = _asked(case, papers, at)
    if not asked:
        raise Refused(_("Please choose at least one missing document."))
    touch = answered(
        case, by=by, body=body, answer=replace(answer, at=at), what=Move.PAPERS_REQUESTED, acts=(Act.PAPERS_REQUEST,),
    )  # fmt: skip
    fact = PapersRequested(**about(case, by), papers=[paper.code for paper in asked], again=asked_before)
    record(fact, at=at, content={"reason": again} if again else None, source=case.source)
    waiting_for = "、".join(paper.title for paper in asked)
    pause_about(case.ref, at=at, reason=WAITING_FOR_PAPERS, waiting_for=waiting_for, by=by.ref)
    if touch.channel != BY_POST:
        notice_arrived(case, asked_at=at, at=at, by=by)
    follow(case)
    return touch


def _wanted(case: Case, wanted: list[str]) -> list[Paper]:
    """These papers, named as the customer reads them; what came already is not asked for again."""
    with translation.override(case.language):
        listed = queries.checklist(case)
    known = {paper.title: paper for paper in listed} | {paper.code: paper for paper in listed}
    papers = {}
    for name in (each.strip() for each in wanted if each.strip()):
        code = queries.paper_code(name)
        paper = known.get(name) or known.get(code) or Paper(case=case, code=code, title=name[:120])
        papers.setdefault(paper.code, paper)
    return [paper for paper in papers.values() if paper.is_awaited]


def _asked(case: Case, wanted: list[str], at: datetime) -> list[Paper]:
    """The rows of these papers, asked for now."""
    asked = _wanted(case, wanted)
    for paper in asked:
        paper.asked_at = at
        paper.save()
    return asked


@transaction.atomic
def paper_received(
    case: Case, *, paper: str, by: Staff, at: datetime | None = None, attachment: Attachment | None = None,
    is_waived: bool = False,
) -> Paper:  # fmt: skip
    """A paper came in, or we do without it. With the last one the clocks run again and new promises begin."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    found = next((each for each in queries.checklist(case) if each.code == paper), None)
    if found is None or not found.is_awaited:
        raise Refused(_("This document is not one of those missing."))
    was_missing, came_at = found.is_missing, at if is_waived else _came_at(case, at)
    found.attachment = attachment
    found.waived_at, found.received_at = (at, None) if is_waived else (None, at)
    found.save()
    papers = queries.checklist(case)
    # What was not asked for with the rest is here already; where nothing was asked for, all that is required counts.
    counted, _usual = split_papers(papers)
    missing = sum(each.is_missing for each in counted)
    fact = PaperReceived(**about(case, by), paper=paper, missing=missing, waived=is_waived)
    record(fact, at=at, source=case.source)
    if missing == 0 and was_missing:
        _complete(case, by=by, at=came_at)
    return found


def _came_at(case: Case, at: datetime) -> datetime:
    """When the last file came after we asked: terms count from then, however late an officer ticks the documents.

    `at` where no file came, or where somebody looked on an earlier day and left this document open: so it came
    otherwise, such as on paper at the counter.
    """
    asked = case.papers.aggregate(last=Max("asked_at"))["last"] or at
    came = Attachment.objects.filter(case=case, touch__direction=Direction.INBOUND, touch__at__gt=asked)
    last = came.filter(touch__at__lte=at).aggregate(last=Max("touch__at"))["last"]
    if last is None:
        return at
    ticked = case.papers.annotate(ticked_at=Coalesce("received_at", "waived_at")).filter(ticked_at__gte=last)
    looked = ticked.aggregate(first=Min("ticked_at"))["first"]
    return last if looked is None or day_of(looked) == day_of(at) else at


def _complete(case: Case, *, by: Staff, at: datetime) -> None:
    if case.is_open:
        move(case, Move.PAPERS_COMPLETE)
        for reason in (WAITING_FOR_PAPERS, queries.PAPERS_NOTICE):
            resume_about(case.ref, at=at, reason=reason, by=by.ref)
        _nothing_to_request(case, by=by, at=at)
        begin_anew(case, events=[PAPERS_COMPLETE], at=at, by=by)
        follow(case)


def _nothing_to_request(case: Case, *, by: Staff, at: datetime) -> None:
    """Everything came in by itself: a request for what is missing is owed no longer, and was not made."""
    for promise in Promise.objects.about(case.ref).owed().order_by("pk"):
        if acts_of(promise) == (Act.PAPERS_REQUEST,):
            withdraw(promise, at=at, reason=PAPERS_COMPLETE, by=by.ref)
