"""The work item of a case: there while somebody has to do something, gone when the case is closed."""

from datetime import datetime

from shouxin.cases import rules
from shouxin.cases.models import Case, Priority, WorkItem
from shouxin.core.refs import Ref
from shouxin.people.models import Staff


def enqueue(case: Case, *, at: datetime) -> WorkItem:
    """Put the case into work again: with its officer where there is one, else into the queue."""
    due_at = case.nearest_due_at
    item, _made = WorkItem.objects.update_or_create(
        subject=str(case.ref),
        defaults={
            "channel": case.channel, "skill": case.service.skill, "priority": case.priority,
            "due_at": due_at or rules.wanted_at(None, case.priority, at),
            "wanted_at": rules.wanted_at(due_at, case.priority, at), "made_at": at,
            "officer": case.officer, "taken_at": at if case.officer_id else None,
        },
    )  # fmt: skip
    return item


def put_work(subject: Ref, *, skill: str, channel: str, due_at: datetime, at: datetime, **more: object) -> WorkItem:
    """Other rooms put their own kinds here (a counter ticket, a callback); `more`: priority, branch."""
    priority = int(more.pop("priority", 3))  # type: ignore[call-overload]
    return WorkItem.objects.create(
        subject=str(subject), skill=skill, channel=channel, priority=priority, due_at=due_at, made_at=at,
        wanted_at=rules.wanted_at(due_at, priority, at), **more,
    )  # fmt: skip


def work_done(subject: Ref) -> None:
    """Nothing is to be done there any more."""
    WorkItem.objects.filter(subject=str(subject)).delete()


def give_work(case: Case, *, to: Staff | None, at: datetime) -> None:
    """The work item follows the case to its officer, or back into the queue."""
    WorkItem.objects.filter(subject=str(case.ref)).update(officer=to, taken_at=at if to else None)


def requeue(case: Case) -> None:
    """The work item says the same as the case about skill, priority and due instant."""
    due_at = case.nearest_due_at
    WorkItem.objects.filter(subject=str(case.ref)).update(
        skill=case.service.skill, priority=case.priority,
        due_at=due_at or rules.wanted_at(None, Priority.NORMAL, case.opened_at),
        wanted_at=rules.wanted_at(due_at, case.priority, case.opened_at),
    )  # fmt: skip
