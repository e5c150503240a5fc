"""Heads leave the database: once an hour the latest head goes into a file of the home, and to the auditor by mail.

Whoever holds that file can tell whether the record of today is still the record of then: `verify --heads FILE`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail

from shouxin.record.sealing import owner_connection

_LAST_OF_EACH_HOUR = """
SELECT DISTINCT ON (date_trunc('hour', sealed_at, 'UTC')) batch, sealed_at, head FROM record_seal
WHERE batch > %s AND sealed_at < date_trunc('hour', %s::timestamptz, 'UTC')
ORDER BY date_trunc('hour', sealed_at, 'UTC'), batch DESC"""


@dataclass(frozen=True)
class Head:
    """One line of the file: ``2026-11-24T06:59:41Z 1234 9f86d0…``."""

    batch: int
    sealed_at: datetime
    head: bytes

    def __str__(self) -> str:
        return f"{self.sealed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ} {self.batch} {self.head.hex()}"

    @classmethod
    def parse(cls, line: str) -> "Head":
        instant, batch, head = line.split()
        return cls(int(batch), datetime.fromisoformat(instant), bytes.fromhex(head))


def heads_file() -> Path:
    return Path(settings.HOME) / "heads.log"


def read_heads(path: Path) -> Iterator[Head]:
    """The heads of a file; empty lines and those that begin with # are left out. ValueError names a bad line."""
    with path.open() as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                try:
                    yield Head.parse(line)
                except ValueError:
                    raise ValueError(f"{path.name}, line {number}: not a head") from None


def export_heads(at: datetime, path: Path | None = None) -> list[Head]:
    """Append the last head of every hour that is over and not yet in the file; mail them if an auditor is named."""
    path = path or heads_file()
    known = max((head.batch for head in read_heads(path)), default=0) if path.exists() else 0
    with owner_connection().cursor() as cursor:
        cursor.execute(_LAST_OF_EACH_HOUR, [known, at])
        new = [Head(batch, sealed_at, bytes(head)) for batch, sealed_at, head in cursor.fetchall()]
    if new:
        _mail(new)
        append_lines(path, [str(head) for head in new])
    return new


def append_lines(path: Path, lines: list[str]) -> None:
    """Append and wait until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def _mail(heads: list[Head]) -> None:
    """A mail that fails raises, and the heads are exported again next time: rather twice than never."""
    if settings.SHOUXIN_AUDITOR:
        send_mail(
            f"守信 seal {heads[-1].batch} {heads[-1].head.hex()[:16]}",
            "\n".join(str(head) for head in heads) + "\n",
            settings.DEFAULT_FROM_EMAIL,
            [settings.SHOUXIN_AUDITOR],
        )
