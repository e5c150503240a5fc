"""Sealing: what is recorded is closed in batches, each chained to the one before, so that nothing changes unseen.

A batch is what is unsealed of transactions that are surely over: numbers below the oldest one still open. So a
transaction that commits late is sealed late, never skipped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.record.guarding import FIXED_PATH
from shouxin.record.spelling import LEAF_IN_SQL, Tree, head_of

PIECE = 8192  # facts whose prints lie in one row
FIRST_HEAD = bytes(32)
_LOCK = 0x5EA1
_HORIZON = """SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + xid_offset
FROM public.record_epoch ORDER BY epoch DESC LIMIT 1"""
_LEAVES = f"SELECT id, xid, {LEAF_IN_SQL} FROM public.record_fact WHERE xid >= %s AND xid < %s ORDER BY xid, id"
Leaf = tuple[int, int, bytes]  # fact, its transaction, its leaf


@dataclass(frozen=True)
class Link:
    """What the next batch is chained to."""

    batch: int
    xid_until: int
    head: bytes


@dataclass(frozen=True)
class Sealed:
    batch: int
    fact_count: int
    head: bytes


def owner_connection() -> BaseDatabaseWrapper:
    """The connection of the role that may seal: the owner's, where web and worker speak as another one."""
    return connections["owner" if "owner" in settings.DATABASES else "default"]


def seal_once(at: datetime, *, alive: Callable[[], object] = lambda: None) -> Sealed | None:
    """Close one batch of all that can be closed; None if there is nothing, or somebody else is sealing.

    `alive` is called now and then while a large batch is hashed.
    """
    database = owner_connection()
    with transaction.atomic(using=database.alias):
        with database.cursor() as cursor:
            cursor.execute(FIXED_PATH)
        if not _value(database, "SELECT pg_try_advisory_xact_lock(%s)", [_LOCK]):
            return None
        _value(database, "SELECT public.record_advance_epoch()")
        last, until = last_link(database), _value(database, _HORIZON)
        if until <= last.xid_until:
            return None
        return _seal(database, last, until, at, alive)


def _seal(
    database: BaseDatabaseWrapper, last: Link, until: int, at: datetime, alive: Callable[[], object]
) -> Sealed | None:
    tree, batch = Tree(), last.batch + 1
    pieces = _pieces(leaves(database, last.xid_until, until), tree, alive)
    with database.cursor() as cursor:
        for number, prints in enumerate(pieces):
            cursor.execute("INSERT INTO public.record_seal_print VALUES (%s, %s, %s)", [batch, number, prints])
        if not tree.count:
            return None
        span = (last.xid_until, until)
        head = head_of(last.head, batch, at, span, tree.count, tree.root)
        cursor.execute(
            "INSERT INTO public.record_seal"
            " (batch, sealed_at, xid_from, xid_until, fact_count, root, previous_head, head)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [batch, at, *span, tree.count, tree.root, last.head, head],
        )
    return Sealed(batch, tree.count, head)


def leaves(database: BaseDatabaseWrapper, xid_from: int, xid_until: int) -> Iterator[Leaf]:
    """The leaves of these transactions in their order, streamed; inside a transaction."""
    with database.chunked_cursor() as cursor:
        cursor.execute(_LEAVES, [xid_from, xid_until])
        while rows := cursor.fetchmany(PIECE):
            yield from rows


def print_of(fact: int, leaf: bytes) -> bytes:
    return fact.to_bytes(8, "big") + leaf[:8]


def _pieces(stream: Iterator[Leaf], tree: Tree, alive: Callable[[], object]) -> Iterator[bytes]:
    piece = bytearray()
    for fact, _xid, leaf in stream:
        tree.add(leaf)
        piece += print_of(fact, leaf)
        if len(piece) == 16 * PIECE:
            alive()
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def last_link(database: BaseDatabaseWrapper) -> Link:
    """The end of the chain so far."""
    with database.cursor() as cursor:
        cursor.execute("SELECT batch, xid_until, head FROM public.record_seal ORDER BY batch DESC LIMIT 1")
        row = cursor.fetchone()
    return Link(row[0], row[1], bytes(row[2])) if row else Link(0, 0, FIRST_HEAD)


def _value(database: BaseDatabaseWrapper, sql: str, about: list | None = None):
    with database.cursor() as cursor:
        cursor.execute(sql, about or [])
        return cursor.fetchone()[0]
