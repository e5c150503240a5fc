"""How a telephone number is dialled, whatever it is written like."""

import re
import unicodedata


def phone_digits(value: str) -> str:
    """The digits one dials; the country's prefix becomes the trunk zero.

    >>> phone_digits("+886 912-345-417")
    '0912345417'
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    digits = re.sub(r"\D", "", plain)
    return re.sub(r"^(886|86|852|44|65|1)0?", "0", digits) if plain.startswith("+") else digits
