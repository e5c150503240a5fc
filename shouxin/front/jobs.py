"""In the background: letters about a changed calendar wait, so that a correction reaches nobody twice."""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shouxin.cases.models import Case
from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.front.escalating import hold_until, tell_of_changed_calendar

MOVED_JOB = "front.tell_of_changed_calendar"


@app.task(name=MOVED_JOB, queue="letters", pass_context=False)
def tell_of_moved(case: int) -> None:
    """Whatever moved since the last letter, in one letter. Safe to run twice."""
    if (found := Case.objects.with_people().filter(pk=case).first()) is not None:
        tell_of_changed_calendar(found, at=now())


def hold_letter(fact: int, told: dict[str, Any]) -> None:
    """The calendar moved a promise of a case: its customer is told later, once for all that moves till then."""
    ref = Ref.parse(told["subject"])
    case = Case.objects.with_people().filter(pk=ref.id).first() if ref.kind == Case.ref_kind else None
    if case is None or not case.is_open:
        return
    job = app.configure_task(
        MOVED_JOB, queue="letters", schedule_at=hold_until(case, now()), queueing_lock=f"{MOVED_JOB}:{case.pk}"
    )
    try:
        with transaction.atomic():
            job.defer(case=case.pk)
    except AlreadyEnqueued:
        pass  # the letter that waits tells of this as well
