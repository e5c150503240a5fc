"""Texts, identifiers and choices of a cell."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from shouxin.tables.days import Unreadable
from shouxin.tables.parsing.cells import NUMBER, folded, plain, unquoted

_EXPONENT = re.compile(r"\d+(?:\.\d+)?e[+-]?\d+", re.I)
_NARROW = str.maketrans(
    {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
)
EXACT = 15  # digits that a spreadsheet keeps of a number


def read_text(text: str, longest: int) -> str:
    """Free text: full-width letters and digits become plain ones, Chinese punctuation stays as it is."""
    found = plain(text).translate(_NARROW)
    if len(found) > longest:
        raise Unreadable(_("It is longer than %(longest)s characters.") % {"longest": longest})
    return found


def read_identifier(text: str, longest: int, *, spaces: bool = False) -> str:
    """A number by which something is known. Refused where a spreadsheet may have lost digits of it."""
    found = unquoted(folded(text))
    if text[:1] == NUMBER and (not found.isdecimal() or len(found) > EXACT):
        raise Unreadable(_("The spreadsheet keeps it as a number and may have lost digits: format the column as text."))
    if _EXPONENT.fullmatch(found):
        raise Unreadable(_("It is written with an exponent: some of its digits are lost. Format the column as text."))
    if found[:1] in tuple("=@+") or "\x00" in found:
        raise Unreadable
    if len(found) > longest:
        raise Unreadable(_("It is longer than %(longest)s characters.") % {"longest": longest})
    return found if spaces else found.replace(" ", "")


def read_mail(text: str) -> str:
    found = folded(text)
    try:
        validate_email(found)
    except ValidationError:
        raise Unreadable from None
    return read_text(found, 200)
