"""News goes up by fact: a higher room hears a fact class; its hearer runs in the worker, once, never in the request."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shouxin.record.facts import Fact

MANY = 50
_DEFER_MANY = """
SELECT cardinality(procrastinate_defer_jobs_v1(
  array_agg(ROW(%s, %s, %s, NULL, NULL, job, NULL)::procrastinate_job_to_defer_v1)))
FROM jsonb_array_elements(%s::jsonb) AS job
"""

Hearer = Callable[[int, dict[str, Any]], None]
Concern = Callable[[Fact], bool]
HEARERS: dict[str, dict[str, Hearer]] = defaultdict(dict)
CONCERNS: dict[str, Concern] = {}


def _always(fact: Fact) -> bool:
    return True


def hears(fact_class: type[Fact], hearer: Hearer, *, only: Concern | None = None) -> None:
    """Call `hearer(fact_id, data)` for each fact of this class; it must be safe to run twice.

    With `only(fact)`, which looks at nothing but the fact, a fact that doesn't concern it makes no job at all.
    """
    name = f"{hearer.__module__}.{hearer.__qualname__}"
    HEARERS[fact_class.__name__][name] = hearer
    CONCERNS[f"{fact_class.__name__} {name}"] = only or _always


# A hearer that fails is called again: at once, after seconds, at last after an hour; then the job stays as failed.
AGAIN = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name="hear", queue="hearing", pass_context=False, retry=AGAIN)
def hear(kind: str, hearer: str, fact: int, data: dict[str, Any]) -> None:
    """One hearer hears one fact. A hearer that is gone since is nobody's loss: the job ends."""
    if found := HEARERS[kind].get(hearer):
        found(fact, data)


def defer_hearers(facts: Iterable[tuple[Fact, int]]) -> None:
    """Defer one job per hearer and fact in the current transaction."""
    jobs = [
        {"kind": fact.kind, "hearer": name, "fact": fact_id, "data": _told(fact)}
        for fact, fact_id in facts
        for name in HEARERS.get(fact.kind, ())
        if CONCERNS[f"{fact.kind} {name}"](fact)
    ]
    if len(jobs) > MANY:
        _defer_many(jobs)
    elif jobs:
        hear.batch_defer(*jobs)


def _defer_many(jobs: list[dict[str, Any]]) -> None:
    """As `batch_defer`, for thousands: the database makes the array of jobs itself, three times as fast."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFER_MANY, [hear.queue, hear.name, hear.priority, json.dumps(jobs)])


def _told(fact: Fact) -> dict[str, Any]:
    """What a hearer is told: references and codes, never personal content."""
    told = {name: str(ref) for name in ("subject", "person", "actor") if (ref := getattr(fact, name))}
    return told | {"kind": fact.kind, "outcome": fact.outcome, "rule": fact.rule, **fact.data()}
