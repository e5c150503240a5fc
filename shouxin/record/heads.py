"""Heads leave the database: each one goes into a file of the home at once, each hour's last to the auditor.

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

_NEW = "SELECT batch, sealed_at, head FROM public.record_seal WHERE batch > %s ORDER BY batch"
_LAST_OF_EACH_HOUR = """
SELECT DISTINCT ON (date_trunc('hour', sealed_at, 'UTC')) batch, sealed_at, head FROM public.record_seal
WHERE batch > %s AND sealed_at < date_trunc('hour', %s::timestamptz, 'UTC')
ORDER BY date_trunc('hour', sealed_at, 'UTC'), batch DESC"""
_MAILED = "# mailed up to batch "


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
        if len(head) != 64:
            raise ValueError("a head has 64 digits")
        return cls(int(batch), datetime.fromisoformat(instant), bytes.fromhex(head))


def heads_file() -> Path:
    return Path(settings.HOME) / "heads.log"


def read_heads(path: Path) -> Iterator[Head]:
    """The heads of a file; empty lines and those that begin with # are left out. ValueError names a bad line.

    A last line that is being written at this moment (no end of line, not a whole head) is left out too.
    """
    with path.open() as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                try:
                    yield Head.parse(line)
                except ValueError:
                    if not line.endswith("\n"):
                        return
                    raise ValueError(f"{path.name}, line {number}: not a head") from None


def export_heads(at: datetime, path: Path | None = None) -> list[Head]:
    """Append every head that is not yet in the file; mail the last of each past hour, if an auditor is named."""
    path = path or heads_file()
    known = max((head.batch for head in read_heads(path)), default=0) if path.exists() else 0
    new = _heads(_NEW, [known])
    if new:
        append_lines(path, [str(head) for head in new])
    if settings.SHOUXIN_AUDITOR and (hourly := _heads(_LAST_OF_EACH_HOUR, [_mailed(path), at])):
        _mail(hourly)
        append_lines(path, [f"{_MAILED}{hourly[-1].batch}"])
    return new


def _heads(sql: str, about: list) -> list[Head]:
    with owner_connection().cursor() as cursor:
        cursor.execute(sql, about)
        return [Head(batch, sealed_at, bytes(head)) for batch, sealed_at, head in cursor.fetchall()]


def _mailed(path: Path) -> int:
    """The last batch whose head was mailed."""
    lines = path.read_text().splitlines() if path.exists() else []
    return max((int(line.removeprefix(_MAILED)) for line in lines if line.startswith(_MAILED)), default=0)


def append_lines(path: Path, lines: list[str]) -> None:
    """Append and wait until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def _mail(heads: list[Head]) -> None:
    """A mail that fails raises, and the heads are mailed again next time: rather twice than never."""
    send_mail(
        f"守信 seal {heads[-1].batch} {heads[-1].head.hex()[:16]}",
        "\n".join(str(head) for head in heads) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [settings.SHOUXIN_AUDITOR],
    )
