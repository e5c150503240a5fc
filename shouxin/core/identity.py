"""Whether the signing key is the one this house was set up with: every customer's link hangs on it."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

LOST = """The signing key is not the one that the links of this house were made with: it was lost or replaced.
Put back {path} from where you keep it (a backup made with --with-secrets holds it), or set SHOUXIN_SECRET_KEY.
If it is gone for good:  bin/shouxin new-secret-key  takes a new one. Every link that customers hold then opens
nothing any more, and everybody signs in again. What is stored is safe."""


def key_path() -> Path:
    return Path(settings.HOME) / "secret-key"


def print_of(key: str) -> str:
    """Tells one key from another without giving it away."""
    return salted_hmac("shouxin.core.identity", "this house", secret=key, algorithm="sha256").hexdigest()


def known_print() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_print FROM core_identity")
        found = cursor.fetchone()
    return found[0] if found else ""


def remember_key(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_identity (id, key_print) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET key_print = excluded.key_print",
            [print_of(key)],
        )


def problem_of_key(*, is_lived_in: bool) -> str:
    """What to tell where the key is another; empty where it fits, or where nobody has a link yet."""
    known = known_print()
    if known == print_of(settings.SECRET_KEY):
        return ""
    if known and is_lived_in:
        return LOST.format(path=key_path())
    remember_key(settings.SECRET_KEY)
    return ""


def take_new_key() -> None:
    """A new key in the home; whoever gives it by the environment has changed it there already."""
    key = settings.SECRET_KEY
    if not os.environ.get("SHOUXIN_SECRET_KEY"):
        key = secrets.token_urlsafe(48)
        new = key_path().with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(key)
        new.replace(key_path())
    remember_key(key)
