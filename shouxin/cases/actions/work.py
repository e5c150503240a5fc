"""Who works on what: take the next, give, hand over, take back."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.cases import rules
from shouxin.cases.actions.moving import about, locked, move, require_service, seconds_between
from shouxin.cases.actions.promising import carry
from shouxin.cases.actions.queueing import give_work
from shouxin.cases.facts import CaseAssigned, CaseHandedOver, CaseTakenBack
from shouxin.cases.models import Case, WorkItem
from shouxin.cases.rules import Move
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.kept import one_reading
from shouxin.core.rights import require
from shouxin.people.models import Staff
from shouxin.record.recording import record

Taker = Callable[[WorkItem, Staff, datetime], None]
TAKERS: dict[str, Taker] = {}

# One candidate for each of the person's skills, the most wanted of them wins. Candidates that lose are let go with the
# transaction; others skip them meanwhile and find the next. The case moves in the same statement.
_TAKE = """
WITH taken AS (
  UPDATE cases_workitem SET officer_id = %(staff)s, taken_at = %(at)s WHERE id = (
    SELECT w.id FROM people_staffskill s JOIN people_skill k ON k.id = s.skill_id CROSS JOIN LATERAL (
      SELECT id, wanted_at FROM cases_workitem
      WHERE skill = k.code AND officer_id IS NULL AND (branch_id IS NULL OR branch_id = %(branch)s)
        AND NOT EXISTS (SELECT 1 FROM cases_caseexclusion x WHERE x.staff_id = s.staff_id
          AND subject = 'case:' || x.case_id)
      ORDER BY wanted_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    ) w WHERE s.staff_id = %(staff)s ORDER BY w.wanted_at, w.id LIMIT 1
  ) RETURNING *
), moved AS (
  UPDATE cases_case c SET officer_id = %(staff)s, team_id = %(team)s, state = CASE c.state WHEN 'new' THEN 'open'
    ELSE c.state END
  FROM taken WHERE c.id = CASE WHEN starts_with(taken.subject, 'case:') THEN substr(taken.subject, 6)::bigint END
)
SELECT * FROM taken
"""


def takes(kind: str) -> Callable[[Taker], Taker]:
    """Register what happens when a work item of this kind is taken: fn(item, staff, at), in the same transaction."""

    def register(taker: Taker) -> Taker:
        TAKERS[kind] = taker
        return taker

    return register


@one_reading()
@transaction.atomic
def take_next(staff: Staff, *, at: datetime | None = None) -> WorkItem | None:
    """The one thing this person should do next, now theirs; None when nothing waits for their skills."""
    require(staff.has(rules.SERVE))
    at = at or now()
    branch = staff.team.branch_id if staff.team_id else None
    item = next(iter(WorkItem.objects.raw(
        _TAKE, {"staff": staff.pk, "team": staff.team_id, "branch": branch, "at": at}
    )), None)  # fmt: skip
    if item is not None:
        TAKERS[item.ref.kind](item, staff, at)
    return item


@takes("case")
def _take_case(item: WorkItem, staff: Staff, at: datetime) -> None:
    case = Case.objects.get(pk=item.ref.id)
    case.officer = staff
    carry(case, at=at)
    waited = seconds_between(item.made_at, at)
    record(
        CaseAssigned(**about(case, staff), to=staff.ref, how="taken", seconds=waited), at=at, source=case.source
    )  # fmt: skip


@transaction.atomic
def assign(case: Case, *, by: Staff, to: Staff, at: datetime | None = None) -> Case:
    """Give a case that nobody serves to somebody: a team leader to anyone, anyone to themselves."""
    at, case = at or now(), locked(case)
    if case.officer_id == to.pk and by.pk == to.pk:
        return case
    if case.officer_id is not None and rules.may_see(by, case):
        raise Refused(_("%(name)s took this case first.") % {"name": case.officer.name})
    require(rules.may_assign(by, case, to))
    seconds = seconds_between(case.opened_at, at)
    fact = CaseAssigned(**about(case, by), to=to.ref, to_team=to.dims()["team"], how="given", seconds=seconds)
    move(case, Move.TAKEN, officer=to, team=to.team)
    give_work(case, to=to, at=at)
    carry(case, at=at)
    record(fact, at=at, source=case.source)
    return case


def hand_over_all(plan: Mapping[Case, Staff], *, by: Staff, reason: str, at: datetime | None = None) -> int:
    """What a leaver left behind, each case in its own transaction; how many now have another officer."""
    done = 0
    for case, to in plan.items():
        if case.officer_id != to.pk:
            hand_over(case, by=by, to=to, reason=reason, at=at)
            done += 1
    return done


@transaction.atomic
def hand_over(case: Case, *, by: Staff, to: Staff, reason: str, at: datetime | None = None) -> Case:
    """From one officer to another, saying why."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    rules.check_reason(reason)
    rules.check_receiver(to, case)
    former = case.officer
    fact = CaseHandedOver(
        **about(case, by), to=to.ref, to_team=to.dims()["team"], former=former.ref if former else None
    )
    move(case, Move.TAKEN, officer=to, team=to.team)
    give_work(case, to=to, at=at)
    carry(case, at=at)
    record(fact, at=at, content={"reason": reason}, source=case.source)
    return case


@transaction.atomic
def take_back(case: Case, *, by: Staff, reason: str, at: datetime | None = None) -> Case:
    """Back into the queue, so that whoever is free takes it; its own officer or the team leader may."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    rules.check_reason(reason)
    put_back(case, by=by, at=at, reason=reason)
    return case


def put_back(case: Case, *, by: Staff | None, at: datetime, reason: str = "") -> None:
    """The move itself, for a locked case."""
    former = case.officer
    fact = CaseTakenBack(**about(case, by), former=former.ref if former else None)
    move(case, Move.TAKEN, officer=None)
    give_work(case, to=None, at=at)
    carry(case, at=at)
    record(fact, at=at, content={"reason": reason} if reason else None, source=case.source)
