"""Where imports keep files until they are read; nobody but this house reads them."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

KEPT_SECONDS = 3600
PREFIX = "upload-"


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
