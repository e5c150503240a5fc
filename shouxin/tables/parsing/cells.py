"""Cells as texts: cleaned once, so that no reader meets a byte-order mark, a control character or a hidden blank."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

# Stands before the text of a cell that was a number in its workbook: its leading zeros and last digits may be lost.
NUMBER = "\x02"
NUL = "\x00"
REMEMBERED = 100  # characters: longer texts are rarely said twice
LONGEST = 32_767  # what a spreadsheet allows in a cell
_CJK = "㐀-䶿一-鿿豈-﫿、。，（）「」：；"
_BREAK_IN_CJK = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*(?=[{_CJK}])")
_BREAK = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*")
# Format and control characters that show nothing; joiners inside emoji or Indic words are not met in such tables.
_HIDDEN = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_HAN = re.compile("[㐀-䶿一-鿿豈-﫿]")
_SIGNS = re.compile(r"[\s*＊:：]+$|^[\s*＊]+")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')


def clean(text: str) -> str:
    """One line, without what can't be seen: a break between Chinese characters is a mere wrap, any other is a blank."""
    if _PLAIN.fullmatch(text):
        return text.strip()
    text = _HIDDEN.sub("", text)
    text = _BREAK.sub(" ", _BREAK_IN_CJK.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def text_of(cell: Any) -> str:
    """What a typed cell says, as it is written; numbers are marked."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float | Decimal):
        return NUMBER + _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() and cell.tzinfo is None else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, bytes):
        return clean(cell.decode("utf-8", "replace"))
    return clean(str(cell))


def _number(value: int | float | Decimal) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    return str(value)


def plain(text: str) -> str:
    """The text without the mark of a number."""
    return text[1:] if text[:1] == NUMBER else text


def folded(text: str) -> str:
    """One width, nothing hidden, single blanks."""
    return _folded_once(text) if len(text) <= REMEMBERED else _folded(text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", clean(plain(text))).split())


# Tables say the same words over and over.
_folded_once = lru_cache(maxsize=1 << 16)(_folded)


def head(text: str) -> str:
    """A column's name as it is compared: neither width, case, stars, colons nor line breaks count.

    Nor do blanks within Chinese: 「姓　名」 is how lists space the heads of narrow columns.
    """
    found = _SIGNS.sub("", folded(text)).casefold()
    return found.replace(" ", "") if _HAN.search(found) else found


def unquoted(text: str) -> str:
    """What `="00123"` says: so spreadsheets are told to keep a text as it is."""
    found = _KEPT_AS_TEXT.fullmatch(text)
    return found[1].strip() if found else text


def key_of(text: str) -> str:
    """By what rows with the same identifier are put together; case stays, it may matter to whoever gave it."""
    return unquoted(folded(text))
