"""The end of a case, and its second beginning."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from shouxin.cases.actions.conversation import back_to_work, discard_draft
from shouxin.cases.actions.ending import end_owed
from shouxin.cases.actions.moving import about, locked, move, require_service, seconds_between
from shouxin.cases.actions.promising import calendar_key_of, days_between, working_seconds
from shouxin.cases.actions.queueing import work_done
from shouxin.cases.facts import CaseClosed, CaseReopened
from shouxin.cases.models import FAR, Case
from shouxin.cases.rules import Closing, ClosingReason, Move, Settled, check_reason
from shouxin.core.clock import now
from shouxin.core.guards import guard
from shouxin.core.links import link_for
from shouxin.jurisdictions.queries import calendar_of
from shouxin.people.models import Staff
from shouxin.people.notices import settle
from shouxin.record.recording import record


@transaction.atomic
def close(
    case: Case, *, by: Staff, reason: ClosingReason | str, remark: str = "", settled: Iterable[Settled] = (),
    at: datetime | None = None,
) -> Case:  # fmt: skip
    """Close the case: rooms above may refuse, its work item goes. Closing keeps no promise.

    `settled` says what became of each promise still owed; StillOwed is raised when one is missing.
    """
    at, case, reason = at or now(), locked(case), ClosingReason(reason)
    require_service(by, case, at)
    next_fact = CaseClosed(
        **{**about(case, by), "outcome": reason.value},
        reason=reason.value, touches=case.touch_count, reopened=case.reopen_count,
        seconds=seconds_between(case.opened_at, at),
        working_seconds=working_seconds(case, case.opened_at, at),
        **days_between(calendar_of(calendar_key_of(case)), case.opened_at, at),
    )  # fmt: skip
    guard(Closing(case.ref))
    end_owed(case, reason=reason.value, settled=settled, at=at, by=by)
    move(case, Move.CLOSED, closed_at=at, due_at=FAR, closing_reason=reason.value)
    work_done(case.ref)
    discard_draft(case, by=by)
    settle(link_for(case.ref), at=at)
    record(next_fact, at=at, content={"remark": remark} if remark else None, source=case.source)
    return case


@transaction.atomic
def reopen(case: Case, *, by: Staff, reason: str, at: datetime | None = None) -> Case:
    """Open a closed case again, saying why."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    check_reason(reason)
    closed_at, since = case.closed_at, case.wrote_at
    move(case, Move.REOPENED, closed_at=None, closing_reason="", wrote_at=None, reopen_count=case.reopen_count + 1)
    back_to_work(case, at=at, by=by, since=since)
    fact = CaseReopened(**about(case, by), seconds=seconds_between(closed_at, at))
    record(fact, at=at, content={"reason": reason}, source=case.source)
    return case
