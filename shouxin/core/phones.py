"""How a telephone number is dialled, whatever it is written like."""

import re

from shouxin.core.incoming import normal

FEWEST_DIGITS = 7
# What follows is an extension: "#22", "ext. 22", "分機 22", "轉 22".
_EXTENSION = re.compile(
    r"(?:[#*;,、]|分機|分机|內線|内线|轉|转|ext(?:ension)?\b|(?<=[\d\s])x(?=\s*\d)).*$", re.IGNORECASE
)
_COUNTRY = re.compile(r"^(886|86|852|44|65|1)0?")
# A number within a text: it begins with 0 or +, has at least seven digits, and blanks, hyphens or brackets between.
_IN_TEXT = re.compile(r"(?<![\w+])(?:\+|\(?0)[\d\s().-]{6,22}\d(?!\w)")


def phone_digits(value: str) -> str:
    """The digits one dials, without the extension; the country's prefix becomes the trunk zero.

    >>> phone_digits("+886 912-345-417"), phone_digits("０２－２３４５－６７８９ 分機２２")
    ('0912345417', '0223456789')
    """
    digits = written_digits(value)
    return _COUNTRY.sub("0", digits) if normal(value).startswith("+") else digits


def written_digits(value: str) -> str:
    """The digits as they are written, the country's among them, without the extension."""
    plain = normal(value)
    head = _EXTENSION.sub("", plain)
    return re.sub(r"[^0-9]", "", head if re.search(r"[0-9]", head) else plain)


def phones_in(text: str) -> dict[str, str]:
    """The telephone numbers of a text that is in half width already: as written → as dialled."""
    found = {written: phone_digits(written) for written in _IN_TEXT.findall(text)}
    return {written: digits for written, digits in found.items() if len(digits) >= FEWEST_DIGITS}
