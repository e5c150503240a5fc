"""The local columnar copy of the record that figures are computed from: Parquet in the home, made by COPY.

What is copied never changes, so the copy needs no invalidation: files hold every fact below a watermark, the
rest is fetched fresh each time. The watermark is a transaction number, not an instant: it is the xmin of a
snapshot, and whatever committed late has a number at or above it. A month of `recorded_at` is closed once the
watermark has passed every transaction that was there an hour after its end; it then becomes one sorted file.

A file that was changed is never read: the manifest is signed, and keeps of each file its digest and how it lay on the
disk. Where a file lies otherwise its digest is taken again, and where that differs the whole copy is made anew.
`verify` compares the rows themselves with the record (`auditing.py`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from shouxin.measures.fetching import Standing, fetch, layout, months_of, next_transaction, schema, standing
from shouxin.record.recording import IMPORT, LIVE

if TYPE_CHECKING:  # imported where it is used: most processes never compute a figure
    import pyarrow as pa

# Below this many facts beyond the watermark nothing is written: fetching them takes some milliseconds.
FEW = 5_000
# Files of an open month smaller than this are joined when there are many of them.
SMALL, MANY = 250_000, 8
# A replaced file may still be read by a figure that is being computed.
GRACE_SECONDS = 900
# A home holds real facts once a case or complaint began that is no example.
STARTING = ("CaseOpened", "ComplaintOpened")
REAL_SOURCES = (LIVE, IMPORT)


@dataclass
class Segment:
    """One Parquet file of the copy."""

    file: str
    month: str
    rows: int
    corrections: int
    is_real: bool
    is_closed: bool = False
    digest: str = ""
    lying: str = ""


@dataclass
class Manifest:
    """Which files hold what, up to which watermark. Replaced as a whole, by a rename."""

    watermark: int = 0
    last: tuple[str, int] | None = None
    segments: list[Segment] = field(default_factory=list)
    closing: dict[str, int] = field(default_factory=dict)
    retired: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Copy:
    """What figures are computed from, complete at this instant: the files, and the facts that are not in them yet."""

    files: list[str]
    fresh: pa.Table
    has_real: bool
    has_corrections: bool


class Store:
    """The copy of one database in one folder."""

    def __init__(self, folder: Path, *, few: int = FEW) -> None:
        self.folder, self.few = folder, few

    def open(self) -> Copy:
        """Everything that is committed now. Copies what has gathered since the last time, if it is much."""
        manifest = self._sound()
        if standing(manifest.watermark, manifest.last, self.few).is_much:
            with self._lock():
                manifest = self._sound()
                now = standing(manifest.watermark, manifest.last, self.few)
                manifest, fresh = self._advance(Manifest() if now.is_restored else manifest, now)
        else:
            fresh = _table(fetch(manifest.watermark))
        return Copy(
            files=[str(self.folder / segment.file) for segment in manifest.segments],
            fresh=fresh,
            has_real=any(segment.is_real for segment in manifest.segments) or _is_real(fresh),
            has_corrections=any(s.corrections for s in manifest.segments) or _corrections(fresh) > 0,
        )

    def _advance(self, manifest: Manifest, now: Standing) -> tuple[Manifest, pa.Table]:
        import pyarrow.compute as pc

        fresh = []
        for batch in fetch(manifest.watermark):
            is_settled = pc.less(batch.column("xid"), now.horizon)
            fresh.append(batch.filter(pc.invert(is_settled)))
            for month, rows in months_of(batch.filter(is_settled)):
                manifest.segments.append(self._write(month, rows))
                place = rows.column("recorded_at")[-1].as_py().isoformat(), rows.column("id")[-1].as_py()
                manifest.last = max(manifest.last or place, place)
        manifest.watermark = now.horizon
        self._compact(manifest, now)
        self._sweep(manifest)
        self._save(manifest)
        return manifest, _table(fresh)

    def _write(self, month: str, rows: pa.RecordBatch) -> Segment:
        import pyarrow.parquet as pq

        table = _table([rows])
        name = f"{month}-{uuid.uuid4().hex[:12]}.parquet"
        pq.write_table(table, self.folder / name, compression="zstd")
        return self._kept(Segment(name, month, table.num_rows, _corrections(table), _is_real(table)))

    def _kept(self, segment: Segment) -> Segment:
        """The segment with the digest of its file and how it lies on the disk."""
        path = self.folder / segment.file
        return replace(segment, digest=_digest(path), lying=_lying(path))

    def _sound(self) -> Manifest:
        """The manifest, if its files are those it was written for; else an empty one, and the copy is made anew."""
        manifest, is_moved = self._read(), False
        for place, segment in enumerate(manifest.segments):
            path = self.folder / segment.file
            if segment.lying != _lying(path):
                if not segment.digest or segment.digest != _digest(path):
                    return Manifest()
                manifest.segments[place], is_moved = replace(segment, lying=_lying(path)), True
        if is_moved:
            self._save(manifest)
        return manifest

    def forget(self) -> None:
        """Leave the copy: the next figure makes it anew."""
        with self._lock():
            self._save(Manifest())

    def held(self) -> tuple[int, list[str]]:
        """Up to which transaction the files hold the record, and which files they are."""
        manifest = self._sound()
        return manifest.watermark, [str(self.folder / segment.file) for segment in manifest.segments]

    def _compact(self, manifest: Manifest, now: Standing) -> None:
        for month in {segment.month for segment in manifest.segments}:
            mine = [segment for segment in manifest.segments if segment.month == month]
            if now.is_past(month) and month not in manifest.closing:
                manifest.closing[month] = next_transaction()
            is_closed = month in manifest.closing and manifest.watermark >= manifest.closing[month]
            small = [segment for segment in mine if segment.rows < SMALL]
            if is_closed and not (len(mine) == 1 and mine[0].is_closed):
                self._join(manifest, mine, is_closed=True)
            elif len(small) > MANY or any(segment.rows >= SMALL for segment in small):
                self._join(manifest, small)

    def _join(self, manifest: Manifest, segments: list[Segment], *, is_closed: bool = False) -> None:
        import duckdb

        month = segments[0].month
        name = f"{month}-{'closed' if is_closed else uuid.uuid4().hex[:12]}-{uuid.uuid4().hex[:6]}.parquet"
        files = ", ".join(f"'{self.folder / segment.file}'" for segment in segments)
        with duckdb.connect(config={"threads": 2}) as engine:
            engine.execute(
                f"COPY (SELECT * FROM read_parquet([{files}]) ORDER BY kind, day, id)"
                f" TO '{self.folder / name}' (FORMAT parquet, COMPRESSION zstd)"
            )
        rows, corrections = sum(s.rows for s in segments), sum(s.corrections for s in segments)
        joined = self._kept(Segment(name, month, rows, corrections, any(s.is_real for s in segments), is_closed))
        manifest.retired |= {segment.file: time.time() for segment in segments}
        manifest.segments = [s for s in manifest.segments if s not in segments] + [joined]

    def _sweep(self, manifest: Manifest) -> None:
        for name, since in list(manifest.retired.items()):
            if time.time() - since > GRACE_SECONDS:
                (self.folder / name).unlink(missing_ok=True)
                del manifest.retired[name]

    def _read(self) -> Manifest:
        try:
            kept = json.loads((self.folder / "manifest.json").read_text())
            is_ours = constant_time_compare(kept.pop("signature", ""), _signature(kept))
        except (FileNotFoundError, json.JSONDecodeError, AttributeError, TypeError):
            return Manifest()
        if not is_ours:
            return Manifest()
        kept["segments"] = [Segment(**segment) for segment in kept["segments"]]
        kept["last"] = tuple(kept["last"]) if kept["last"] else None
        if any(not (self.folder / segment.file).exists() for segment in kept["segments"]):
            return Manifest()
        return Manifest(**kept)

    def _save(self, manifest: Manifest) -> None:
        draft = self.folder / f"manifest-{uuid.uuid4().hex[:8]}.json"
        told = asdict(manifest)
        draft.write_text(json.dumps(told | {"signature": _signature(told)}))
        draft.replace(self.folder / "manifest.json")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _signature(told: dict) -> str:
    """Who can write into the folder alone can't write a manifest."""
    text = json.dumps(told, sort_keys=True)
    return salted_hmac("shouxin.measures.copy", text, algorithm="sha256").hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lying(path: Path) -> str:
    """What changes with every writing to a file and can't be set back by hand: its size and the time of its change."""
    told = path.stat()
    return f"{told.st_size} {told.st_ino} {told.st_mtime_ns} {told.st_ctime_ns}"


def _table(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches(batches, schema())


def _corrections(rows: pa.Table) -> int:
    return rows.num_rows - rows.column("corrects").null_count


def _is_real(rows: pa.Table) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    begins = pc.is_in(rows.column("kind"), pa.array(STARTING))
    counts = pc.is_in(rows.column("source"), pa.array(REAL_SOURCES))
    return bool(pc.any(pc.and_(begins, counts)).as_py())


def store() -> Store:
    """The copy of the connected database; another database, time zone or layout has a copy of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        name = f"{connection.settings_dict['NAME']}-{cursor.fetchone()[0]}"
    zone = settings.TIME_ZONE.replace("/", "-")
    return Store(Path(settings.HOME) / "measures" / f"{name}-{zone}-{layout()}")
