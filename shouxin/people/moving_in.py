"""Before anybody has moved in: whether this home has a company, and who may found it."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.crypto import constant_time_compare

from shouxin.people.address import link
from shouxin.people.models import Company

# Known for good once it is true: a company is never taken out of its home.
_known: set[str] = set()
LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST")


def is_founded() -> bool:
    """Whether a company lives here; asks the database only until it does."""
    if not _known and Company.objects.exists():
        remember()
    return bool(_known)


def remember() -> None:
    _known.add("founded")


def forget() -> None:
    _known.clear()


def token_path() -> Path:
    return Path(settings.HOME) / "setup-token"


def setup_token() -> str:
    """The secret that lets somebody found the company from another machine; kept in the home, readable by its owner."""
    path = token_path()
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    token = secrets.token_urlsafe(24)
    with os.fdopen(handle, "w") as file:
        file.write(token)
    return token


def setup_link() -> str:
    """Where the first hour begins; printed by bin/serve. Empty once a company lives here."""
    if is_founded():
        close_door()
        return ""
    return link(f"/setup/?token={setup_token()}")


def close_door() -> None:
    """The company is founded: the token is of no more use."""
    remember()
    token_path().unlink(missing_ok=True)


def may_found(meta: dict, token: str) -> bool:
    """Whoever sits at the machine itself, or knows the token. A proxy on the machine is nobody who sits there."""
    if token and constant_time_compare(token, setup_token()):
        return True
    return meta.get("REMOTE_ADDR") in LOOPBACK and not any(meta.get(header) for header in FORWARDED)
