"""Where imports keep files until they are read; nobody but this house reads them."""

import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT_SECONDS = 3600
REPORTS_KEPT = timedelta(days=90)
PREFIX = "upload-"
# A report says in its name when it was written: also a restored one, whose file is new.
_WRITTEN = re.compile(r"-rejected-(\d{8}-\d{6})\.csv$")


def folder() -> Path:
    found = Path(settings.HOME) / "imports"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def keep(file: Any, filename: str) -> str:
    """Keep an uploaded file; returns its name in the folder."""
    suffix = Path(filename).suffix.lower()
    name = f"{PREFIX}{secrets.token_hex(12)}{suffix if suffix.isascii() and len(suffix) < 9 else ''}"
    with os.fdopen(os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return name


def path_of(name: str) -> Path:
    return folder() / Path(name).name


def forget(name: str) -> None:
    """Remove a file; safe to run twice."""
    if name:
        path_of(name).unlink(missing_ok=True)


def remove_old(at: datetime) -> int:
    """Remove reports that were kept long enough, and whatever a stopped worker left; how many."""
    found = [path for path in folder().iterdir() if path.is_file() and at >= _goes_at(path)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _goes_at(path: Path) -> datetime:
    if written := _WRITTEN.search(path.name):
        return datetime.strptime(written[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) + REPORTS_KEPT
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return changed + (REPORTS_KEPT if path.suffix == ".csv" and not path.name.startswith(PREFIX) else timedelta(days=1))
