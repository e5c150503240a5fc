"""Mail while no mail server is set: one file a message, in a folder named by what it is about, so that it is found.

Whoever writes says what a message is about: ``message.about = case.ref``. Other mail lies in the folder itself.
"""

import os
import re
from collections.abc import Collection
from email import message_from_bytes, policy
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from shouxin.core.clock import local, now
from shouxin.core.refs import Ref


class EmailBackend(BaseEmailBackend):
    """What Django calls instead of a mail server."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        for message in messages:
            _write(message)
        return len(messages)


def folder_of(about: Ref | None) -> Path:
    """Where mail about this lies."""
    folder = Path(settings.EMAIL_FILE_PATH)
    return folder / f"{about.kind}-{about.id}" if about else folder


def _write(message: EmailMessage) -> None:
    """The whole message or nothing; nobody but this house may read it."""
    folder = folder_of(getattr(message, "about", None))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{local(now()):%Y%m%d-%H%M%S}-{_mark(message.extra_headers.get('Message-ID') or uuid4().hex)}.eml"
    begun = folder / f".{name}"
    with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(message.message().as_bytes())
    begun.rename(folder / name)


def _mark(message_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", message_id.strip("<>").partition("@")[0])


def forget_mail(about: Ref, *, only: Collection[str] | None = None, known_as: str = "") -> None:
    """Remove the files of all mail about this, or of the messages with these ids; safe to run twice.

    `known_as` is the number that older mail bears, which lies in the folder itself and was never sorted.
    """
    if only is None:
        rmtree(folder_of(about), ignore_errors=True)
    else:
        for path in (path for each in only for path in folder_of(about).glob(f"*-{_mark(each)}.eml")):
            path.unlink(missing_ok=True)
    words = [known_as] if only is None else list(only)
    for path in folder_of(None).glob("*.log"):
        if any(word and word in _words_of(path) for word in words):
            path.unlink(missing_ok=True)


def _words_of(path: Path) -> str:
    """What a message says, its headers included, with nothing encoded."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(str(value) for value in message.values()), *texts])
