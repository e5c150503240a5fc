"""Erasure: personal content goes, facts and seals stay; every room that keeps a copy is asked to erase it too."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.record.facts import ContentErased
from shouxin.record.heads import append_lines
from shouxin.record.recording import record
from shouxin.record.sealing import owner_connection


@dataclass(frozen=True)
class Erasing:
    """What is to be forgotten: these facts' content; with `person`, all that is known of that person."""

    facts: frozenset[int]
    subjects: frozenset[Ref]
    person: Ref | None
    at: datetime


Eraser = Callable[[Erasing], object]
ERASERS: list[Eraser] = []


def erases(eraser: Eraser) -> Eraser:
    """Register who erases a room's copies: search words, drafts, files, outbox, job arguments, exports.

    Called in the erasing transaction, perhaps twice for the same; files go in `transaction.on_commit`.
    """
    ERASERS.append(eraser)
    return eraser


@transaction.atomic
def erase(what: Ref | Iterable[int], *, by: Ref | None, reason: str, at: datetime | None = None) -> int:
    """Erase the content of these facts, or all content of this person, and every copy; returns how many contents.

    The erasure is itself a fact, and is listed for the day a backup is restored.
    """
    person, at = (what if isinstance(what, Ref) else None), at or now()
    facts, subjects = _concerned(what)
    erasing = Erasing(frozenset(facts), frozenset(subjects), person, at)
    for eraser in ERASERS:
        eraser(erasing)
    told = ContentErased(
        subject=person or min(subjects, default=Ref("record", 0)), actor=by, facts=sorted(facts), reason=reason
    )
    erasure = record(told, at=at)[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_erase(%s)", [erasure])
        return cursor.fetchone()[0]


def _concerned(what: Ref | Iterable[int]) -> tuple[list[int], set[Ref]]:
    """The facts with content that are meant, and what they are about."""
    by_person = isinstance(what, Ref)
    condition = "(f.person = %s OR f.subject = %s)" if by_person else "f.id = ANY(%s)"
    about = [str(what)] * 2 if by_person else [list(what)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, f.subject, t.fact IS NOT NULL FROM record_fact f"
            f" LEFT JOIN record_fact_content t ON t.fact = f.id WHERE {condition} AND f.kind <> 'ContentErased'",
            about,
        )
        rows = cursor.fetchall()
    return [fact for fact, _subject, has_content in rows if has_content], {Ref.parse(row[1]) for row in rows}


def erasures_file() -> Path:
    return Path(settings.HOME) / "erasures.log"


def export_erasures(path: Path | None = None) -> int:
    """Append new erasures to the list outside the database; it must outlive the backups. Returns how many."""
    path = path or erasures_file()
    last = max((entry["id"] for entry in _listed(path)), default=0)
    with owner_connection().cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.fact, encode(e.content_hash, 'hex'), f.subject, f.person FROM record_erasure e"
            " JOIN record_fact f ON f.id = e.fact WHERE e.id > %s ORDER BY e.id",
            [last],
        )
        names = ("id", "fact", "content_hash", "subject", "person")
        new = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if new:
        append_lines(path, [json.dumps(entry) for entry in new])
    return len(new)


def _listed(path: Path) -> list[dict]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def reapply_erasures(path: Path | None = None, *, at: datetime | None = None) -> int:
    """After a backup was restored: erase again what was erased since it was taken; returns how many contents.

    A fact is known by number and hash: numbers given again since the backup are not mistaken.
    """
    listed = {entry["fact"]: entry["content_hash"] for entry in _listed(path or erasures_file())}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, encode(f.content_hash, 'hex') FROM record_fact f"
            " JOIN record_fact_content t ON t.fact = f.id WHERE f.id = ANY(%s)",
            [list(listed)],
        )
        again = [fact for fact, hashed in cursor.fetchall() if listed[fact] == hashed]
    return erase(again, by=None, reason="restored from a backup", at=at) if again else 0
