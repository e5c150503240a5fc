"""Verification: everything that was sealed is read again, spelled again and hashed again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.record.guarding import FIXED_PATH, unguarded
from shouxin.record.heads import Head, read_heads
from shouxin.record.sealing import FIRST_HEAD, leaves, owner_connection, print_of
from shouxin.record.spelling import CONTENT_IN_SQL, SPELLING, Tree, head_of

AT_ONCE = 200_000  # facts read by one statement: as many small batches as fit


@dataclass(frozen=True)
class Problem:
    """What does not match, and the first fact it shows in."""

    text: str
    fact: int | None = None

    def __str__(self) -> str:
        return f"fact {self.fact}: {self.text}" if self.fact else self.text


@dataclass
class Report:
    batches: int = 0
    facts: int = 0
    contents: int = 0
    unsealed: int = 0
    heads: int = 0
    states: int = 0
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.problems

    @property
    def facts_per_second(self) -> int:
        return round(self.facts / self.seconds) if self.seconds else 0


@dataclass(frozen=True)
class SealRow:
    batch: int
    sealed_at: object
    xid_from: int
    xid_until: int
    fact_count: int
    root: bytes
    previous_head: bytes
    head: bytes
    spelling: int

    @property
    def span(self) -> tuple[int, int]:
        return self.xid_from, self.xid_until


@dataclass(frozen=True)
class States:
    """Of which states the facts are compared: of one subject, of all of them, or of a sample of so many."""

    subject: str = ""
    is_all: bool = False
    sample: int = 500


Check = Callable[[BaseDatabaseWrapper, States, Report], list[Problem]]
CHECKS: list[Check] = []
SUBJECTS: list[Callable[[str], str]] = []
AFTERWARDS: list[Callable[[], list[str]]] = []


def chosen(asked: States, subject: str, live: str) -> tuple[str, list]:
    """The condition of a query for what is asked, with its values: one subject, or what is `live`, or a sample of it.

    What was imported or made as an example tells of states only as finished history.
    """
    if asked.subject:
        return f"WHERE {subject}", [asked.subject]
    return (f"WHERE {live}", []) if asked.is_all else (f"WHERE {live} ORDER BY random() LIMIT %s", [asked.sample])


def compares(check: Check) -> Check:
    """Register a comparison of a room's state with the facts about it, at the snapshot that is verified."""
    CHECKS.append(check)
    return check


def keeps_copy(check: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Register who compares a copy outside the database with the record, mends it, and says what differed."""
    AFTERWARDS.append(check)
    return check


def subject_of(number: str) -> str:
    """The reference of what has this number, as the rooms above know it; empty if nothing has."""
    return next((found for named in SUBJECTS if (found := named(number))), "")


def verify(
    heads: Path | None = None, *, states: States | None = None,
    tell: Callable[[Report], object] = lambda report: None,
) -> Report:  # fmt: skip
    """Recompute all of it at one snapshot of the database. `tell` hears of the progress.

    Stops at the first batch that does not match: whatever is chained to it can't be judged.
    The file of heads is read before the snapshot is taken: a head is written only once its batch is committed, so
    the snapshot holds every batch the file knows, and batches sealed while this runs are in neither of the two.
    """
    told = list(read_heads(heads)) if heads else []
    database, report, began, asked = owner_connection(), Report(), time.monotonic(), states or States()
    with transaction.atomic(using=database.alias):
        if not database.savepoint_ids:
            _run(database, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _run(database, FIXED_PATH)
        report.problems += [Problem(text) for text in unguarded(database)]
        for problem in _facts(database, report, tell, began):
            report.problems.append(problem)
            break
        report.problems += _misdated(database)
        report.problems += _contents(database, report)
        if heads:
            report.problems += _heads(database, heads.name, told, report)
        for check in CHECKS:
            report.problems += check(database, asked, report)
    for check in AFTERWARDS:
        report.problems += [Problem(text) for text in check()]
    report.seconds = time.monotonic() - began
    return report


def _facts(database: BaseDatabaseWrapper, report: Report, tell: Callable, began: float) -> Iterator[Problem]:
    """Every batch in its order: the chain, then its facts."""
    head, until = FIRST_HEAD, 0
    for seals in _groups(_seals(database)):
        for seal in seals:
            if problem := _link_problem(seal, report.batches + 1, head, until):
                yield problem
                return
            report.batches, head, until = report.batches + 1, seal.head, seal.xid_until
        yield from _roots(database, seals, report)
        report.seconds = time.monotonic() - began
        tell(report)
    report.unsealed = _run(database, "SELECT count(*) FROM public.record_fact WHERE xid >= %s", [until])[0][0]


def _link_problem(seal: SealRow, batch: int, head: bytes, until: int) -> Problem | None:
    if seal.batch != batch:
        return Problem(f"batch {batch} is missing")
    if seal.spelling != SPELLING:
        return Problem(f"batch {batch} is spelled in a way ({seal.spelling}) this version does not know")
    if seal.previous_head != head or seal.xid_from != until:
        return Problem(f"batch {batch} does not continue the batch before")
    if head_of(head, batch, seal.sealed_at, seal.span, seal.fact_count, seal.root) != seal.head:
        return Problem(f"the head of batch {batch} does not match what its seal says")
    return None


def _groups(seals: Iterator[SealRow]) -> Iterator[list[SealRow]]:
    """Neighbouring batches, as many as one statement should read."""
    group, size = [], 0
    for seal in seals:
        if group and size + seal.fact_count > AT_ONCE:
            yield group
            group, size = [], 0
        group.append(seal)
        size += seal.fact_count
    if group:
        yield group


def _roots(database: BaseDatabaseWrapper, seals: list[SealRow], report: Report) -> Iterator[Problem]:
    """The facts of neighbouring batches, read once, compared with each root."""
    ends = iter(seals)
    seal = next(ends)
    place = {}
    stream = leaves(database, seals[0].xid_from, seals[-1].xid_until)

    def batch_of(leaf: tuple) -> int:
        nonlocal seal
        while leaf[1] >= seal.xid_until:
            seal = next(ends)
        return seal.batch

    for batch, found in groupby(stream, key=batch_of):
        tree = Tree()
        for _fact, _xid, leaf in found:
            tree.add(leaf)
        place[batch] = tree
        report.facts += tree.count
    for each in seals:
        tree = place.get(each.batch) or Tree()
        if (tree.count, tree.root) != (each.fact_count, each.root):
            yield _first_difference(database, each)


def _first_difference(database: BaseDatabaseWrapper, seal: SealRow) -> Problem:
    """The first fact of a batch whose print is not the one taken when it was sealed."""
    sealed = _prints(database, seal.batch)
    was = {fact: text for text in sealed for fact in [int.from_bytes(text[:8], "big")]}
    now = {fact: print_of(fact, leaf) for fact, _xid, leaf in leaves(database, *seal.span)}
    for fact in sorted({*was, *now}):
        if fact not in now:
            return Problem(f"sealed in batch {seal.batch} and gone since", fact)
        if fact not in was:
            return Problem(f"not there when batch {seal.batch} was sealed", fact)
        if now[fact] != was[fact]:
            return Problem(f"changed since batch {seal.batch} was sealed", fact)
    return Problem(f"batch {seal.batch} does not match its root", min(now, default=None))


def _prints(database: BaseDatabaseWrapper, batch: int) -> Iterator[bytes]:
    pieces = _run(database, "SELECT prints FROM public.record_seal_print WHERE batch = %s ORDER BY piece", [batch])
    for (piece,) in pieces:
        text = bytes(piece)
        yield from (text[start : start + 16] for start in range(0, len(text), 16))


# What a batch holds was written after the batch before was sealed and before the batch itself was. Between two clocks,
# and behind a transaction that stays open, some time may pass; a fact dated outside of that was dated by hand. The
# bound above is the seal's own instant, so it does not move on until the forged date has come.
_SLACK = "interval '1 hour'"
_MISDATED = f"""WITH seals AS (SELECT batch, xid_until, sealed_at,
  lag(sealed_at) OVER (ORDER BY batch) AS before FROM public.record_seal), placed AS (
SELECT id, xid, recorded_at, max(batch) OVER (ORDER BY xid, is_fact) AS batch FROM (
  SELECT xid, 1 AS is_fact, id, recorded_at, NULL::bigint AS batch FROM public.record_fact
  UNION ALL SELECT xid_from, 0, NULL, NULL, batch FROM public.record_seal) AS lines)
SELECT f.id FROM placed f JOIN seals s ON s.batch = f.batch AND f.xid < s.xid_until
WHERE f.id IS NOT NULL AND (f.recorded_at < s.before - {_SLACK}
  OR f.recorded_at > s.sealed_at + {_SLACK}) ORDER BY f.id LIMIT 1"""
_UNSEALED = f"""SELECT f.id FROM public.record_fact f LEFT JOIN
  (SELECT xid_until, sealed_at FROM public.record_seal ORDER BY batch DESC LIMIT 1) AS last ON true
WHERE f.xid >= coalesce(last.xid_until, 0) AND (f.recorded_at < last.sealed_at - {_SLACK}
  OR f.recorded_at > pg_catalog.clock_timestamp() + {_SLACK}) ORDER BY f.id LIMIT 1"""


def _misdated(database: BaseDatabaseWrapper) -> list[Problem]:
    """Facts recorded at an instant at which their transaction was not there."""
    text = "its time of recording lies outside of the time in which its batch was written"
    return [Problem(text, fact) for sql in (_MISDATED, _UNSEALED) for (fact,) in _run(database, sql)]


_CHANGED = f"""SELECT t.fact FROM public.record_fact_content t LEFT JOIN public.record_fact f ON f.id = t.fact
WHERE f.content_hash IS DISTINCT FROM {CONTENT_IN_SQL} ORDER BY t.fact LIMIT 1"""
_REMOVED = """SELECT f.id FROM public.record_fact f WHERE f.content_hash IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM public.record_fact_content t WHERE t.fact = f.id)
AND NOT EXISTS (SELECT 1 FROM public.record_erasure e WHERE e.fact = f.id) ORDER BY f.id LIMIT 1"""
_UNTOLD = """SELECT e.fact FROM public.record_erasure e LEFT JOIN public.record_fact f ON f.id = e.erasure
WHERE f.kind IS DISTINCT FROM 'ContentErased' OR NOT f.data -> 'facts' @> to_jsonb(e.fact) ORDER BY e.fact LIMIT 1"""
_RETURNED = """SELECT t.fact FROM public.record_fact_content t JOIN public.record_erasure e ON e.fact = t.fact
ORDER BY t.fact LIMIT 1"""


def _contents(database: BaseDatabaseWrapper, report: Report) -> list[Problem]:
    """Contents hash into their facts; what is gone was erased, and its erasure is a fact."""
    report.contents = _run(database, "SELECT count(*) FROM public.record_fact_content")[0][0]
    found = []
    for sql, text in (
        (_CHANGED, "its content is not the one it was recorded with"),
        (_REMOVED, "its content is gone, and no erasure says so"),
        (_UNTOLD, "its content is listed as erased, but no fact records the erasure"),
        (_RETURNED, "its content was erased and is there again"),
    ):
        found += [Problem(text, fact) for (fact,) in _run(database, sql)]
    return found


def _heads(database: BaseDatabaseWrapper, name: str, heads: list[Head], report: Report) -> list[Problem]:
    """The heads that left the database, against those it shows today."""
    now = {batch: bytes(head) for batch, head in _run(database, "SELECT batch, head FROM public.record_seal")}
    vouched = 0
    for told in heads:
        report.heads += 1
        if told.batch not in now:
            return [Problem(f"{name} knows batch {told.batch}, the database does not")]
        if now[told.batch] != told.head:
            text = f"batch {told.batch} has another head than in {name}; from this fact on nothing is vouched for"
            return [Problem(text, _first_fact(database, vouched + 1))]
        vouched = told.batch
    return []


def _first_fact(database: BaseDatabaseWrapper, batch: int) -> int | None:
    """The first fact of a batch."""
    spans = _run(database, "SELECT xid_from, xid_until FROM public.record_seal WHERE batch = %s", [batch])
    return next((fact for fact, _xid, _leaf in leaves(database, *spans[0])), None) if spans else None


def _seals(database: BaseDatabaseWrapper) -> Iterator[SealRow]:
    rows = _run(
        database,
        "SELECT batch, sealed_at, xid_from, xid_until, fact_count, root, previous_head, head, spelling"
        " FROM public.record_seal ORDER BY batch",
    )
    for *numbers, root, previous_head, head, spelling in rows:
        yield SealRow(*numbers, bytes(root), bytes(previous_head), bytes(head), spelling)


def _run(database: BaseDatabaseWrapper, sql: str, about: list | None = None) -> list[tuple]:
    with database.cursor() as cursor:
        cursor.execute(sql, about or [])
        return cursor.fetchall() if cursor.description else []
