"""A file between its trial and its taking over: kept an hour at most, for whoever sent it, read by nobody else."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from shouxin.core.guards import Refused
from shouxin.people.models import Staff

KEPT_SECONDS = 3600
_SALT = "policies.upload"


def folder() -> Path:
    found = Path(settings.HOME) / "imports"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def keep(content: bytes, filename: str, *, by: Staff) -> tuple[str, str]:
    """Keep a file; returns its name in the folder, and the mark by which `by` alone finds it again."""
    name = f"policies-{secrets.token_hex(12)}{'.xlsx' if filename.lower().endswith('.xlsx') else '.csv'}"
    with os.fdopen(os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return name, signing.dumps([name, by.pk], salt=_SALT)


def kept(mark: str, *, by: Staff) -> tuple[str, bytes]:
    """The file of this mark, its name first. Refused when it is gone, too old, or somebody else's."""
    try:
        name, staff = signing.loads(mark, salt=_SALT, max_age=KEPT_SECONDS)
        if staff == by.pk:
            return name, (folder() / name).read_bytes()
    except (signing.BadSignature, FileNotFoundError):
        pass
    raise Refused(_("The file is no longer here. Please choose it again."))


def forget(name: str) -> None:
    """Remove a file; safe to run twice."""
    (folder() / Path(name).name).unlink(missing_ok=True)
