"""Erasure: personal content goes, facts and seals stay; every room that keeps a copy is asked to erase it too."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
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
    """What is to be forgotten: these facts' content; with `person`, all that is known of that person.

    `people` are all references that mean this person, `subjects` all that the facts and the person are about.
    """

    facts: frozenset[int]
    subjects: frozenset[Ref]
    person: Ref | None
    at: datetime
    people: frozenset[Ref] = frozenset()
    words: frozenset[str] = frozenset()  # by which the person may be named where nobody expects it

    def names(self, text: str) -> bool:
        """Whether this text says one of the words."""
        return any(word in text for word in self.words)


@dataclass(frozen=True)
class Erased:
    """What an erasure did, or would do: contents of facts, jobs, and changed rows by table."""

    contents: int
    tables: dict[str, int]

    def __str__(self) -> str:
        told = ", ".join(f"{table} {count:,}" for table, count in self.tables.items())
        return f"{self.contents:,} contents" + (f"; rows changed or removed: {told}" if told else "")


Eraser = Callable[[Erasing], object]
Widener = Callable[[frozenset[Ref]], Iterable[Ref]]
ERASERS: list[Eraser] = []
# Who else is meant by a person: from the lower rooms to the higher ones, each sees what those before it found.
SAME: list[Widener] = []
BELONGINGS: list[Widener] = []
WORDS: list[Callable[[Erasing], Iterable[str]]] = []


def erases(eraser: Eraser) -> Eraser:
    """Register who erases a room's copies: search words, drafts, files, outbox, job arguments, exports.

    Called in the erasing transaction, perhaps twice for the same; files go in `transaction.on_commit(…, robust=True)`,
    so that one file that can't be removed keeps no other.
    """
    ERASERS.append(eraser)
    return eraser


def means(widener: Widener) -> Widener:
    """Register who knows other references to the same person: numbers that were merged."""
    SAME.append(widener)
    return widener


def belongs(widener: Widener) -> Widener:
    """Register what is that person's own as a whole, whatever its facts say of persons: cases."""
    BELONGINGS.append(widener)
    return widener


def personal_words(teller: Callable[[Erasing], Iterable[str]]) -> Callable[[Erasing], Iterable[str]]:
    """Register who knows by what words the person may be named elsewhere: in the arguments of jobs."""
    WORDS.append(teller)
    return teller


@transaction.atomic
def erase(what: Ref | Iterable[int], *, by: Ref | None, reason: str, at: datetime | None = None) -> int:
    """Erase the content of these facts, or all content of this person, and every copy; returns how many contents.

    The erasure is itself a fact, and is listed for the day a backup is restored.
    """
    person, at = (what if isinstance(what, Ref) else None), at or now()
    erasing = _concerned(what, person, at)
    if person:
        words = {word for teller in WORDS for word in teller(erasing) if len(word) > 1}
        erasing = replace(erasing, words=frozenset(words))
    for eraser in ERASERS:
        eraser(erasing)
    _forget_jobs(erasing.words)
    subject = person or min(erasing.subjects, default=Ref("record", 0))
    told = ContentErased(subject=subject, person=person, actor=by, facts=sorted(erasing.facts), reason=reason)
    erasure = record(told, at=at)[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_erase(%s)", [erasure])
        return cursor.fetchone()[0]


def words_of(person: Ref) -> set[str]:
    """By what this person may be named: names, numbers, addresses."""
    erasing = _concerned(person, person, now())
    return {word for teller in WORDS for word in teller(erasing)}


@transaction.atomic
def erase_with_report(person: Ref, *, by: Ref | None, reason: str, at: datetime | None = None) -> Erased:
    """Erase all of this person and tell what went, by table."""
    before = _changes()
    contents = erase(person, by=by, reason=reason, at=at)
    after = _changes()
    found = {table: count - before.get(table, 0) for table, count in sorted(after.items())}
    return Erased(contents, {table: count for table, count in found.items() if count > 0})


def preview(person: Ref, *, at: datetime | None = None) -> Erased:
    """What an erasure of this person would do now; nothing is done."""
    with transaction.atomic():
        found = erase_with_report(person, by=None, reason="preview", at=at)
        transaction.set_rollback(True)
    return found


def _changes() -> dict[str, int]:
    """Rows that this transaction changed or removed, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_upd + n_tup_del FROM pg_catalog.pg_stat_xact_user_tables"
            " WHERE schemaname = 'public' AND n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def _concerned(what: Ref | Iterable[int], person: Ref | None, at: datetime) -> Erasing:
    """The facts with content that are meant, and what they are about."""
    people = _widened(frozenset({person}), SAME) if person else frozenset()
    refs = _widened(people, BELONGINGS)
    named = [str(ref) for ref in refs]
    condition = "(f.person = ANY(%s) OR f.subject = ANY(%s))" if person else "f.id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, f.subject, t.fact IS NOT NULL FROM record_fact f"
            f" LEFT JOIN record_fact_content t ON t.fact = f.id WHERE {condition} AND f.kind <> 'ContentErased'",
            [named, named] if person else [list(what)],
        )
        rows = cursor.fetchall()
    subjects = {Ref.parse(row[1]) for row in rows} | (refs - people)
    facts = frozenset(fact for fact, _subject, has_content in rows if has_content)
    return Erasing(facts, frozenset(subjects), person, at, people)


def _widened(refs: frozenset[Ref], wideners: list[Widener]) -> frozenset[Ref]:
    for widener in wideners:
        refs = refs | frozenset(widener(refs))
    return refs


# What waits is taken back only where an argument is the very word: a name may be part of anything.
_FORGET_WAITING = """UPDATE procrastinate_jobs j SET args = '{}', status = 'cancelled' WHERE status = 'todo'
AND EXISTS (SELECT FROM jsonb_path_query(j.args, '$.**') AS value WHERE value #>> '{}' = ANY(%(words)s))"""
_FORGET_OVER = """UPDATE procrastinate_jobs j SET args = '{}' WHERE status NOT IN ('todo', 'doing')
AND EXISTS (SELECT FROM unnest(%(words)s::text[]) AS word WHERE strpos(j.args::text, word) > 0)"""


def _forget_jobs(words: frozenset[str]) -> None:
    """Jobs whose arguments name the person: what is over keeps none of them, what waits is not done any more."""
    if known := sorted(words):
        with connection.cursor() as cursor:
            for statement in (_FORGET_WAITING, _FORGET_OVER):
                cursor.execute(statement, {"words": known})


def erasures_file() -> Path:
    return Path(settings.HOME) / "erasures.log"


def export_erasures(path: Path | None = None) -> int:
    """Append new erasures to the list outside the database; it must outlive the backups. Returns how many contents.

    A person is listed too, also where no content was left to erase: a backup may know more of them.
    """
    path = path or erasures_file()
    listed = _listed(path)
    last = max((entry["id"] for entry in listed if "id" in entry), default=0)
    known = [entry["erasure"] for entry in listed if "erasure" in entry]
    with owner_connection().cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.fact, encode(e.content_hash, 'hex'), f.subject, f.person FROM record_erasure e"
            " JOIN record_fact f ON f.id = e.fact WHERE e.id > %s ORDER BY e.id",
            [last],
        )
        names = ("id", "fact", "content_hash", "subject", "person")
        new = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id, person, happened_at FROM record_fact WHERE kind = 'ContentErased' AND person IS NOT NULL"
            " AND id <> ALL(%s) ORDER BY id",
            [known],
        )
        people = [{"erasure": fact, "whole": person, "at": at.isoformat()} for fact, person, at in cursor.fetchall()]
    if new or people:
        append_lines(path, [json.dumps(entry) for entry in (*new, *people)])
    return len(new)


def _listed(path: Path) -> list[dict]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def reapply_erasures(path: Path | None = None, *, at: datetime | None = None) -> int:
    """As `reapply`; returns how many contents."""
    return reapply(path, at=at).contents


@transaction.atomic
def reapply(path: Path | None = None, *, at: datetime | None = None) -> Erased:
    """After a backup was restored, before it serves: erase again what was erased since it was taken.

    People are erased as a whole, with all that the backup knows of them. A single fact is known by number and hash:
    numbers given again since the backup are not mistaken. Safe to run twice. FileNotFoundError without the list.
    """
    path = path or erasures_file()
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: without the list of erasures none can be applied again")
    listed, before = _listed(path), _changes()
    contents = sum(erase(person, by=None, reason=_RESTORED, at=at) for person in _people_again(listed))
    facts = {entry["fact"]: entry["content_hash"] for entry in listed if "fact" in entry}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, encode(f.content_hash, 'hex') FROM record_fact f"
            " JOIN record_fact_content t ON t.fact = f.id WHERE f.id = ANY(%s)",
            [list(facts)],
        )
        again = [fact for fact, hashed in cursor.fetchall() if facts[fact] == hashed]
    contents += erase(again, by=None, reason=_RESTORED, at=at) if again else 0
    found = {table: count - before.get(table, 0) for table, count in sorted(_changes().items())}
    return Erased(contents, {table: count for table, count in found.items() if count > 0})


_RESTORED = "restored from a backup"


def _people_again(listed: list[dict]) -> list[Ref]:
    """The people of the list whose erasure this database does not know yet."""
    last: dict[str, datetime] = {}
    for entry in listed:
        if "whole" in entry:
            at = datetime.fromisoformat(entry["at"])
            last[entry["whole"]] = max(at, last.get(entry["whole"], at))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, max(happened_at) FROM record_fact WHERE kind = 'ContentErased' AND person = ANY(%s)"
            " GROUP BY person",
            [list(last)],
        )
        known = dict(cursor.fetchall())
    return [Ref.parse(person) for person, at in last.items() if person not in known or known[person] < at]
