"""Firing: what fell due is broken, what falls due soon is warned of; by the batch, once each, by any number of workers.

A batch is one transaction that skips what others have locked: a worker killed on the way leaves nothing half done.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from shouxin.promises import facts
from shouxin.promises.models import Promise
from shouxin.promises.telling import about, breach, seconds_of
from shouxin.record.facts import Fact
from shouxin.record.recording import SILENT, copy_facts, fact_ids, row_of
from shouxin.record.subscribers import defer_deliveries

BATCH = 2000

_TOLD = ", ".join(
    f"p.{name}"
    for name in (
        "id", "rule", "rule_version", "title", "jurisdiction", "audience", "subject", "person", "dims", "start_at",
        "due_at", "calendar_key", "working_seconds", "paused_seconds", "origin",
    )
)  # fmt: skip
_BREAK = f"""
WITH due AS MATERIALIZED (
  SELECT id FROM promises_promise WHERE state = 'running' AND due_at < %s
  ORDER BY due_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE promises_promise p SET state = 'broken', broken_at = p.due_at, warn_at = NULL
FROM due WHERE p.id = due.id RETURNING {_TOLD}
"""
_WARN = f"""
WITH due AS MATERIALIZED (
  SELECT id FROM promises_promise WHERE state = 'running' AND warn_at IS NOT NULL AND warn_at <= %s
  ORDER BY warn_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE promises_promise p SET warn_at = (SELECT min(w) FROM unnest(p.warn_ats) w WHERE w > %s)
FROM due WHERE p.id = due.id RETURNING {_TOLD}
"""
_NEXT = """
SELECT least((SELECT min(due_at) FROM promises_promise WHERE state = 'running'),
             (SELECT min(warn_at) FROM promises_promise WHERE state = 'running' AND warn_at IS NOT NULL))
"""


def fire(at: datetime, *, batch: int = BATCH) -> int:
    """Fire one batch of breaches and one of warnings that are due at `at`; returns how many there were."""
    return break_due(at, batch=batch) + warn_due(at, batch=batch)


def break_due(at: datetime, *, batch: int = BATCH) -> int:
    """Break the promises whose due instant has passed; each breach happened at its due instant."""
    with transaction.atomic():
        broken = list(Promise.objects.raw(_BREAK, [at, batch]))
        told = [breach(promise) for promise in broken]
        _record_batch(broken, told, [promise.due_at for promise in broken])
    return len(broken)


def warn_due(at: datetime, *, batch: int = BATCH) -> int:
    """Give the warnings whose instant has come; several missed ones of one promise are given as one."""
    with transaction.atomic():
        warned = list(Promise.objects.raw(_WARN, [at, batch, at]))
        told = [
            facts.PromiseWarned(
                **about(promise), seconds=seconds_of(at - promise.start_at) - promise.paused_seconds
            )
            for promise in warned
        ]  # fmt: skip
        _record_batch(warned, told, [at] * len(warned))
    return len(warned)


def next_instant() -> datetime | None:
    """When the next warning or breach is due; None when no clock runs."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        return cursor.fetchone()[0]


def _record_batch(promises: Sequence[Promise], told: Sequence[Fact], instants: Sequence[datetime]) -> None:
    """COPY the facts of a batch; those of live promises are heard."""
    if not told:
        return
    ids = fact_ids(len(told))
    copy_facts(
        row_of(fact, fact_id, at, source=promise.origin)
        for fact, fact_id, at, promise in zip(told, ids, instants, promises, strict=True)
    )
    defer_deliveries(
        (fact, fact_id)
        for fact, fact_id, promise in zip(told, ids, promises, strict=True)
        if promise.origin not in SILENT
    )
