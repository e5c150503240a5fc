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
        return without_secrets(super().format(record))
