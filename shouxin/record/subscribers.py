"""Subscribers: a higher room subscribes to a class of facts; its handler runs in the worker, never in the request.

Each subscriber has a name that lasts: queued jobs carry it, and so does the ledger of deliveries. A handler may move to
another module or be renamed; a job that was queued before still finds it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from procrastinate import BaseRetryStrategy, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from shouxin.record.facts import Fact

MANY = 50
_DEFER_MANY = """
SELECT cardinality(procrastinate_defer_jobs_v1(
  array_agg(ROW(%s, %s, %s, NULL, NULL, job, NULL)::procrastinate_job_to_defer_v1)))
FROM jsonb_array_elements(%s::jsonb) AS job
"""
_DELIVER = (
    "INSERT INTO record_delivery (subscriber, fact, at) VALUES (%s, %s, clock_timestamp()) ON CONFLICT DO NOTHING"
)
# Only a job that can't run again may lose its entry: one that waits or failed can be taken up at any time.
_FORGET = """DELETE FROM record_delivery d WHERE at < %s AND NOT EXISTS (SELECT FROM procrastinate_jobs j
WHERE j.task_name = %s AND j.status IN ('todo', 'doing', 'failed')
AND (j.args->>'fact')::bigint = d.fact AND j.args->>'hearer' = d.subscriber)"""

Handler = Callable[[int, dict[str, Any]], None]


class UnknownSubscriber(LookupError):
    """A job names a subscriber that no room registers: somebody renamed or removed it, and its news would be lost."""


@dataclass(frozen=True)
class Subscriber:
    """Who wants to know: `handler(fact_id, data)` is called once for each fact for which `only(fact)` holds."""

    name: str
    handler: Handler
    only: Callable[[Fact], bool] | None


SUBSCRIBERS: dict[str, dict[str, Subscriber]] = defaultdict(dict)
# Names that jobs may still carry: of subscribers renamed, by what they are called now; of those removed, None.
FORMER: dict[str, str | None] = {
    "shouxin.cases.jobs.follow": "cases.follow_promises",
    "shouxin.cases.jobs.breach": "cases.record_breach",
    "shouxin.cases.jobs.policy_event": "cases.promise_about_policies",
    "shouxin.cases.jobs.ask_to_hand_over": "cases.ask_to_hand_over",
    "shouxin.promises.jobs.redue_after_declaration": "promises.recalculate_after_declared_day",
    "shouxin.promises.jobs.redue_after_hours": "promises.recalculate_after_new_hours",
    "shouxin.complaints.jobs.lodge_dispute": "complaints.lodge_dispute",
    "shouxin.complaints.jobs.acknowledge_by_reply": "complaints.acknowledge_by_reply",
    "shouxin.complaints.jobs.end_complaint": "complaints.end_complaint",
    "shouxin.complaints.jobs.join_when_known": "complaints.join_when_known",
    "shouxin.complaints.jobs.release_joined": "complaints.release_joined",
    "shouxin.front.escalating.warn": "front.warn",
    "shouxin.front.escalating.escalate": "front.escalate",
    "shouxin.front.escalating.tell_of_new_instant": "front.tell_of_new_instant",
    "shouxin.front.jobs.hold_letter": "front.hold_letter",
    "shouxin.front.escalating.tell_of_words_after_closing": "front.tell_of_words_after_closing",
    "shouxin.portal.jobs.send_receipt": "portal.send_receipt",
}


def subscribe(
    fact_class: type[Fact], handler: Handler, *, name: str, only: Callable[[Fact], bool] | None = None
) -> None:
    """Call `handler(fact_id, data)` once for each fact of this class, in a transaction with the note that it was done.

    `name` is `room.what_it_does` and never changes; one that must, is entered in FORMER. `only(fact)` looks at nothing
    but the fact; one that does not concern the subscriber makes no job. Work that takes long or commits in parts is
    deferred by the handler as a job of its own. Raises ValueError for a name that is taken by another handler.
    """
    known = SUBSCRIBERS[fact_class.__name__].get(name)
    if known and known.handler is not handler:
        raise ValueError(f"the name {name} is taken by {known.handler.__qualname__}")
    SUBSCRIBERS[fact_class.__name__][name] = Subscriber(name, handler, only)


# A job that fails is run again: at once, after seconds, at last after an hour; then it has failed.
RETRIES = RetryStrategy(max_attempts=12, exponential_wait=2)


class _Again(BaseRetryStrategy):
    """As RETRIES; but an unknown name fails at once: no waiting brings it back."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, UnknownSubscriber):
            return None
        return RETRIES.get_retry_decision(exception=exception, job=job)


@app.task(name="hear", queue="hearing", pass_context=False, retry=_Again())
def deliver(kind: str, hearer: str, fact: int, data: dict[str, Any]) -> None:
    """Hand one fact to one subscriber, exactly once however often the job runs.

    The names of task, queue and arguments are those of jobs that wait in databases of earlier releases.
    """
    name = FORMER.get(hearer, hearer)
    if name is None:
        return
    if (subscriber := SUBSCRIBERS[kind].get(name)) is None:
        raise UnknownSubscriber(f"{kind} is for {name}, which no room registers; enter it in FORMER")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DELIVER, [name, fact])
            is_new = cursor.rowcount == 1
        if is_new:
            subscriber.handler(fact, data)


def forget_deliveries(before: datetime) -> int:
    """Drop entries of the ledger whose jobs ended long ago; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [before, deliver.name])
        return cursor.rowcount


def defer_deliveries(facts: Iterable[tuple[Fact, int]]) -> None:
    """Defer one job per subscriber and fact in the current transaction."""
    jobs = [
        {"kind": fact.kind, "hearer": each.name, "fact": fact_id, "data": _message(fact)}
        for fact, fact_id in facts
        for each in SUBSCRIBERS.get(fact.kind, {}).values()
        if each.only is None or each.only(fact)
    ]
    if len(jobs) > MANY:
        _defer_many(jobs)
    elif jobs:
        deliver.batch_defer(*jobs)


def _defer_many(jobs: list[dict[str, Any]]) -> None:
    """As `batch_defer`, for thousands: the database makes the array of jobs itself, three times as fast."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFER_MANY, [deliver.queue, deliver.name, deliver.priority, json.dumps(jobs)])


def _message(fact: Fact) -> dict[str, Any]:
    """What a subscriber is given: references and codes, never personal content."""
    refs = {name: str(ref) for name in ("subject", "person", "actor") if (ref := getattr(fact, name))}
    return refs | {"kind": fact.kind, "outcome": fact.outcome, "rule": fact.rule, **fact.data()}
