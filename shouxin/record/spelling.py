"""The one spelling of a fact that hashes are made of; anybody can repeat it in any language (docs/proof.md).

A fact is spelled as a JSON array of its columns in a fixed order, a JSON value as PostgreSQL writes `jsonb`:
", " and ": " between, keys by length and then by bytes, no escapes but those JSON demands.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from shouxin.record.facts import DIMENSIONS

SPELLING = 1
LEAF, NODE, HEAD = b"\x00", b"\x01", b"\x02"
SPELLED = (
    "recorded_at", "id", "xid", "happened_at", "kind", "version", "source", "audience", "subject", "person", "actor",
    "corrects", *DIMENSIONS, "seconds", "working_seconds", "data", "content_hash",
)  # fmt: skip
_IN_SQL = {
    "recorded_at": "(extract(epoch FROM recorded_at) * 1000000)::bigint",
    "happened_at": "(extract(epoch FROM happened_at) * 1000000)::bigint",
    "content_hash": "pg_catalog.encode(content_hash, 'hex')",
}
# The leaf of a row of record_fact, computed where the row lies. Kept here and not in the database, where whoever
# may change facts could change it too.
LEAF_IN_SQL = (
    "pg_catalog.sha256('\\x00'::bytea || pg_catalog.convert_to(pg_catalog.json_build_array("
    + ", ".join(_IN_SQL.get(name, name) for name in SPELLED)
    + ")::text, 'UTF8'))"
)
CONTENT_IN_SQL = "pg_catalog.sha256(t.salt || pg_catalog.convert_to(t.body::text, 'UTF8'))"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def spelled(value: Any) -> str:
    """A JSON value of text, whole numbers, truth values, null, lists and objects. TypeError for anything else."""
    if isinstance(value, dict):
        items = sorted(((str(key).encode(), item) for key, item in value.items()), key=lambda p: (len(p[0]), p[0]))
        return "{" + ", ".join(f"{_quoted(key.decode())}: {spelled(item)}" for key, item in items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(spelled(item) for item in value) + "]"
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, str):
        return _quoted(value)
    raise TypeError(f"the record spells no {type(value).__name__}: write it as text ({value!r})")


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01 UTC."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def leaf_of(row: dict[str, Any]) -> bytes:
    """The leaf of a fact given as column → value: what `LEAF_IN_SQL` computes, without a database."""
    values = [row[name] for name in SPELLED]
    plain = [
        microseconds(value) if isinstance(value, datetime) else bytes(value).hex() if _is_bytes(value) else value
        for value in values
    ]
    return digest(LEAF + spelled(plain).encode())


def _is_bytes(value: Any) -> bool:
    return isinstance(value, bytes | memoryview)


def head_of(previous: bytes, batch: int, sealed_at: datetime, span: tuple[int, int], count: int, root: bytes) -> bytes:
    """The head of a batch: everything its seal says, chained to the head before."""
    numbers = (SPELLING, batch, microseconds(sealed_at), *span, count)
    return digest(HEAD + previous + b"".join(n.to_bytes(8, "big", signed=True) for n in numbers) + root)


class Tree:
    """The root of a Merkle tree (shaped as in RFC 6962) over leaves that come one after the other."""

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[tuple[int, bytes]] = []  # (height, node), heights falling

    def add(self, leaf: bytes) -> None:
        height, node, peaks = 0, leaf, self._peaks
        while peaks and peaks[-1][0] == height:
            node = hashlib.sha256(NODE + peaks.pop()[1] + node).digest()
            height += 1
        peaks.append((height, node))
        self.count += 1

    @property
    def root(self) -> bytes:
        """The root so far; of nothing, the hash of nothing."""
        if not self._peaks:
            return digest(b"")
        node = self._peaks[-1][1]
        for _height, peak in reversed(self._peaks[:-1]):
            node = digest(NODE + peak + node)
        return node
