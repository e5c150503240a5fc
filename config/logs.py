"""Secret links never reach a log: whoever reads logs must not be able to open a customer's page."""

import logging
import re

_SECRETS = re.compile(r"(/follow/[^/\s]{1,60}/|/password/new/[^/\s]{1,60}/|[?&]token=)[^/\s\"'&]{1,200}")


def without_secrets(text: str) -> str:
    """`text` with the secret part of every link cut out."""
    return _SECRETS.sub(r"\1…", text)


class WithoutSecrets(logging.Formatter):
    """Cuts what is written, tracebacks included, whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security"):
            # A stranger's odd request is one line: where Django refused it says nothing, and could fill the disk.
            record.exc_info = record.exc_text = None
        return without_secrets(super().format(record))
