"""The one way in: `record(...)` writes facts and the jobs of those who hear them, in the caller's transaction."""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from shouxin.core.clock import now
from shouxin.core.copying import copy_rows, fresh_ids
from shouxin.core.refs import Ref
from shouxin.record.facts import DIMENSIONS, Fact, FactWithdrawn
from shouxin.record.spelling import digest, spelled
from shouxin.record.subscribers import defer_deliveries

LIVE, IMPORT, EXAMPLE = "live", "import", "example"
# Imported facts are heard by nobody: no mail, no escalation. Neither is anything that is copied, as the example's year
# is; what people then do to an example is heard as everything they do.
SILENT = frozenset({IMPORT})

COLUMNS = (
    "id", "happened_at", "kind", "version", "source", "audience", "subject", "person", "actor", "corrects",
    *DIMENSIONS, "seconds", "working_seconds", "data", "content_hash",
)  # fmt: skip
FACT_IDS = "record_fact_id"
_INSERT = f"INSERT INTO record_fact ({', '.join(COLUMNS)}) VALUES "
_VALUES = f"(nextval('record_fact_id'), {', '.join(['%s'] * (len(COLUMNS) - 1))})"
Body = dict[str, Any]


def content_hash(salt: bytes, body: Body) -> bytes:
    """H(salt ‖ body)."""
    return digest(salt + spelled(body).encode())


def fact_ids(count: int) -> list[int]:
    """`count` fresh fact numbers."""
    return fresh_ids(FACT_IDS, count)


def row_of(
    fact: Fact, fact_id: int, at: datetime, *, source: str = LIVE, corrects: int | None = None,
    hashed: bytes | None = None,
) -> tuple:  # fmt: skip
    """The fact as a row of `COLUMNS`."""
    return (
        fact_id, at, fact.kind, fact.version, source, str(fact.audience), str(fact.subject),
        str(fact.person) if fact.person else None, str(fact.actor) if fact.actor else None, corrects,
        *(getattr(fact, name) for name in DIMENSIONS), fact.seconds, fact.working_seconds,
        json.dumps(fact.data(), ensure_ascii=False, sort_keys=True), hashed,
    )  # fmt: skip


def record(
    fact: Fact, *more: Fact, at: datetime | None = None, content: dict[int, Body] | Body | None = None,
    source: str = LIVE, corrects: int | None = None,
) -> list[int]:  # fmt: skip
    """Write facts that happened at `at` (now), and defer one job per subscriber; returns their numbers.

    `content` is the personal text of the first fact, or {index: text} for several; it is kept apart.
    Must be called inside the transaction that changes the state. Raises RuntimeError outside of one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the state it tells about")
    facts, at = (fact, *more), at or now()
    bodies = _bodies(content)
    salted = {index: (secrets.token_bytes(16), body) for index, body in bodies.items()}
    rows: list[Any] = []
    for index, each in enumerate(facts):
        hashed = content_hash(*salted[index]) if index in salted else None
        rows += row_of(each, 0, at, source=source, corrects=corrects if index == 0 else None, hashed=hashed)[1:]
    with connection.cursor() as cursor:
        # In the order of the facts: the database numbers the rows as they stand.
        cursor.execute(f"{_INSERT}{', '.join([_VALUES] * len(facts))} RETURNING id", rows)
        ids = [row[0] for row in cursor.fetchall()]
        for index, (salt, body) in salted.items():
            cursor.execute(
                "INSERT INTO record_fact_content (fact, salt, body) VALUES (%s, %s, %s)",
                [ids[index], salt, spelled(body)],
            )
    if source not in SILENT:
        defer_deliveries(zip(facts, ids, strict=True))
    return ids


def _bodies(content: dict[int, Body] | Body | None) -> dict[int, Body]:
    if not content:
        return {}
    return content if all(isinstance(key, int) for key in content) else {0: content}


@transaction.atomic
def correct(fact_id: int, fact: Fact | None, *, by: Ref, reason: str, at: datetime | None = None) -> int:
    """Record `fact` in place of an earlier one (None: it should never have been); the old one stays, uncounted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT happened_at, subject, source, audience FROM record_fact WHERE id = %s", [fact_id])
        found = cursor.fetchone()
    if found is None:
        raise LookupError(f"no fact {fact_id}")
    happened_at, subject, source, audience = found
    new = fact or FactWithdrawn(subject=Ref.parse(subject), actor=by, reason=reason, read_by=audience)
    return record(new, at=at or happened_at, source=source, corrects=fact_id)[0]


def copy_facts(rows: Iterable[tuple]) -> int:
    """Bulk: COPY rows of `COLUMNS` (made by `row_of`) into the record; returns how many. Heard by nobody."""
    return copy_rows("record_fact", COLUMNS, rows)


def copy_contents(rows: Iterable[tuple[int, bytes, Body]]) -> int:
    """Bulk: COPY (fact, salt, body) for facts whose hash was made with `content_hash`."""
    lines = ((fact, salt, spelled(body)) for fact, salt, body in rows)
    return copy_rows("record_fact_content", ("fact", "salt", "body"), lines)
