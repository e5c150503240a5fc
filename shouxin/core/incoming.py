"""Text as it comes in: what a browser, an input method or a copied cell puts into it, and what we keep of it."""

import re
import unicodedata
from collections.abc import Iterable

NUL = "\x00"
# Letters and marks that Unicode files under visible kinds, though nothing is drawn for them.
_EMPTY_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_INSIDE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
_BLANKS = re.compile(r"\s+")


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: blanks, control characters and characters without width."""
    return all(c in _EMPTY_LETTERS or unicodedata.category(c) in _UNSEEN for c in text)


def tidy(text: str) -> str:
    """A value of a form as it was typed: a new line is one character, and what nobody can see is nothing."""
    if text and not text.isascii() and NUL not in text and is_blank(text):
        return ""
    return text.replace("\r\n", "\n") if "\r" in text else text


def normal(text: str) -> str:
    """An identifier, a telephone number or words to search for: half width, no invisible characters, single blanks."""
    return _BLANKS.sub(" ", _INSIDE.sub("", unicodedata.normalize("NFKC", text))).strip()


def holds_nul(values: Iterable[str]) -> bool:
    """Whether a NUL is in one of these; a database keeps none."""
    return any(NUL in value for value in values)
