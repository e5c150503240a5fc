"""Search words: Traditional and Simplified find each other, two characters are enough.

A text becomes an array of words kept under GIN: for Chinese every pair of neighbouring characters (and
none shorter), for other scripts the whole word. A query becomes the same array and must be contained.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

import opencc

from shouxin.core.phones import phones_in

_RUNS = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]+|[^\W_]+", re.UNICODE)
_CJK = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]")
_NOT_CJK = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]+|[^㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]+")
LONGEST_WORD = 40
MOST_WORDS = 4000  # of one text: the longest a form takes has fewer


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """One form for search: full width to half width, lower case, Traditional to Simplified."""
    return _to_simplified().convert(unicodedata.normalize("NFKC", text).casefold())


def bigrams(text: str) -> list[str]:
    """The search words of a text, each once, in order of first appearance.

    >>> bigrams("理賠 C26-004517")
    ['理赔', 'c26', '004517', 'c26004517']
    """
    found: dict[str, None] = {}
    folded = fold(text)
    for run in _RUNS.findall(folded):
        for piece in _NOT_CJK.findall(run):
            if _CJK.match(piece):
                for start in range(max(len(piece) - 1, 1)):
                    found[piece[start : start + 2]] = None
            else:
                found[piece[:LONGEST_WORD]] = None
    for number in re.findall(r"(?<![a-z\d])[a-z]{0,3}\d{1,20}(?:-\d{1,20}){1,5}", folded):
        found[number.replace("-", "")[:LONGEST_WORD]] = None
    for digits in phones_in(folded).values():
        found[digits[:LONGEST_WORD]] = None
    return list(islice(found, MOST_WORDS))


# Imported tables say the same short texts over and over.
short_bigrams = lru_cache(maxsize=1 << 15)(lambda text: tuple(bigrams(text)))
SHORT = 100


def bigrams_of(texts: Iterable[str]) -> list[str]:
    """The search words of several texts, each once; no word spans two of them."""
    found = dict.fromkeys(
        word for text in texts for word in (short_bigrams(text) if len(text) <= SHORT else bigrams(text))
    )
    return list(islice(found, MOST_WORDS))


def queries(text: str) -> list[list[str]]:
    """What to look for: the words as written or, where a telephone number is among them, that number as dialled."""
    written, folded = query_words(text), fold(text)
    dialled = folded
    for number, digits in phones_in(folded).items():
        dialled = dialled.replace(number, f" {digits} ")
    others = query_words(dialled)
    return [words for words in (written, others if others != written else []) if words]


def query_words(text: str) -> list[str]:
    """The words that must all be found. Empty when nothing can be searched: a single Chinese character."""
    words = []
    for run in _RUNS.findall(fold(text)):
        for piece in _NOT_CJK.findall(run):
            if _CJK.match(piece):
                words += [piece[i : i + 2] for i in range(len(piece) - 1)]
            else:
                words.append(piece[:LONGEST_WORD])
    return list(dict.fromkeys(words))
