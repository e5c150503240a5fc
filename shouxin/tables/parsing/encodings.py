"""In which encoding a text file was saved, told by its bytes and, where two fit, by what the text would say."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from shouxin.tables.parsing.problems import Problem

BIG5, HKSCS, GB = "big5", "big5-hkscs", "gb18030"
# What somebody may choose, and the codec that reads it.
CODECS = {
    "utf-8": "utf-8-sig", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "utf-32": "utf-32", "utf-32-le": "utf-32-le", "utf-32-be": "utf-32-be",
    BIG5: "cp950", HKSCS: "big5hkscs", GB: "gb18030", "windows-1252": "cp1252",
}  # fmt: skip
ALIASES = {"utf8": "utf-8", "utf-8-sig": "utf-8", "utf16": "utf-16", "utf32": "utf-32", "cp950": BIG5, "ms950": BIG5,
           "big5hkscs": HKSCS, "gbk": GB, "gb2312": GB, "cp936": GB, "cp1252": "windows-1252"}  # fmt: skip
MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
PART = 1 << 20
SAMPLE = 1 << 18
# Natural logarithm of how much likelier one reading must be; less is asked.
SURE = 6.0
OWN = "big5-own"
# (first lead byte, last lead byte, code point): the user's own characters, where Windows puts them.
_EUDC = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8))
# Written Cantonese and names of places: whoever saves these in Big5 has the Hong Kong set.
_HONG_KONG = frozenset("嘅咗喺啲嚟嗰冇乜噉咁哋佢嘢攞揾瞓睇嘥埗邨峯裏着衞綫滙啓栢恒粧銹脚鷄鰂塱氹涌鴨脷葵")


@dataclass(frozen=True)
class Reading:
    """An encoding that fits: its name, its codec and how what can't be decoded is treated."""

    name: str
    codec: str
    errors: str = "strict"
    has_own: bool = False  # characters of the user's own area


def _own_characters(problem: UnicodeError) -> tuple[str, int]:
    """cp950 lacks the user's own characters (EUDC) and the ETEN block; Windows keeps the first in its private area."""
    if not isinstance(problem, UnicodeDecodeError) or problem.start + 1 >= len(problem.object):
        raise problem
    lead, trail = problem.object[problem.start], problem.object[problem.start + 1]
    if not (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE):
        raise problem
    place = trail - (0x40 if trail < 0x7F else 0x62)
    for first, last, start in _EUDC:
        if first <= lead <= last:
            return chr(start + (lead - first) * 157 + place), problem.start + 2
    if 0xC6 <= lead <= 0xC8 and (lead, trail) >= (0xC6, 0xA1):
        return bytes((lead, trail)).decode("big5hkscs"), problem.start + 2
    raise problem


codecs.register_error(OWN, _own_characters)


def is_own(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff"


def reading_of(path: Path, wanted: str = "") -> list[Reading]:
    """The encodings the file may be in, the likeliest first; more than one only where they can't be told apart."""
    if wanted:
        return [_wanted(path, wanted)]
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    for mark, name in MARKS:
        if start.startswith(mark):
            return [_whole(path, name)]
    if b"\x00" in start and (found := _without_mark(path, start)):
        return [found]
    if _fails_at(path, Reading("utf-8", "utf-8")) is None:
        return [Reading("utf-8", "utf-8")]
    return _chinese(path)


def _wanted(path: Path, wanted: str) -> Reading:
    name = wanted.strip().casefold().replace("_", "-")
    name = ALIASES.get(name, name)
    if name not in CODECS:
        raise Problem("encoding_unknown", name=wanted[:40], known=list(CODECS))
    return _whole(path, name)


def _whole(path: Path, name: str) -> Reading:
    reading = Reading(name, CODECS[name], OWN if name == BIG5 else "strict")
    if (line := _fails_at(path, reading)) is not None:
        raise Problem("encoding_fails", name=name, line=line)
    return reading


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART):
            yield part


def _fails_at(path: Path, reading: Reading) -> int | None:
    """The line that can't be decoded; None where all can."""
    decoder = codecs.getincrementaldecoder(reading.codec)(reading.errors)
    line = 1
    for part in _parts(path):
        try:
            line += decoder.decode(part).count("\n")
        except UnicodeError as problem:
            start = getattr(problem, "start", 0)
            return line + part[:start].count(b"\n")
    try:
        decoder.decode(b"", True)
    except UnicodeError:
        return line
    return None


def _without_mark(path: Path, start: bytes) -> Reading | None:
    """UTF-16 or UTF-32 whose mark is missing: half or three quarters of a comma are zero bytes."""
    zeros = [start[place::4].count(0) for place in range(4)]
    if sum(zeros) < len(start) * 0.03:
        return None
    low, high = zeros[0] + zeros[2], zeros[1] + zeros[3]
    guesses = ["utf-16-le", "utf-16-be"] if high >= low else ["utf-16-be", "utf-16-le"]
    if min(zeros[2:]) > len(start) * 0.2:
        guesses.insert(0, "utf-32-le")
    if min(zeros[:2]) > len(start) * 0.2:
        guesses.insert(0, "utf-32-be")
    for name in guesses:
        reading = Reading(name, CODECS[name])
        width = 4 if "32" in name else 2
        if path.stat().st_size % width == 0 and _fails_at(path, reading) is None:
            text = start[: len(start) // width * width].decode(name, "ignore")
            if "\n" in text or "\r" in text or "," in text:
                return reading
    return None


def _chinese(path: Path) -> list[Reading]:
    fitting = [
        reading for reading in (Reading(BIG5, "cp950", OWN), Reading(GB, "gb18030"))
        if _fails_at(path, reading) is None
    ]  # fmt: skip
    if not fitting:
        raise Problem("encoding_none", line=_fails_at(path, Reading("utf-8", "utf-8")))
    scored = sorted(((_likely(path, reading), reading) for reading in fitting), key=lambda pair: -pair[0])
    found = [reading for score, reading in scored if scored[0][0] - score < SURE]
    return [_with_own(path, reading) for reading in found]


def _with_own(path: Path, reading: Reading) -> Reading:
    """Big5 with characters outside of the standard: Hong Kong's where they read as its everyday ones."""
    if reading.name != BIG5:
        return reading
    texts = [text for text in _texts(path, reading) if any(map(is_own, text))]
    if not texts:
        return reading
    hong_kong = Reading(HKSCS, CODECS[HKSCS])
    if _fails_at(path, hong_kong) is None:
        own = {bytes_of for text in texts for bytes_of in text if is_own(bytes_of)}
        told = [_as_hong_kong(character) for character in own]
        if sum(each in _HONG_KONG for each in told) * 2 > len(told):
            return hong_kong
    return Reading(reading.name, reading.codec, reading.errors, has_own=True)


def _as_hong_kong(character: str) -> str:
    point = ord(character)
    for first, last, start in _EUDC:
        if start <= point < start + (last - first + 1) * 157:
            lead, place = divmod(point - start, 157)
            trail = place + (0x40 if place < 63 else 0x62)
            try:
                return bytes((first + lead, trail)).decode("big5hkscs")
            except UnicodeDecodeError:
                return ""
    return ""


def _texts(path: Path, reading: Reading) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(reading.codec)(reading.errors)
    for part in _parts(path):
        yield decoder.decode(part)


def _likely(path: Path, reading: Reading) -> float:
    """How likely the text is, as a logarithm: everyday characters, known ones, rare ones, those of one's own."""
    known = _weights()
    total, counted = 0.0, 0
    for text in _texts(path, reading):
        for character in text:
            if character > "\x7f":
                total += known.get(character, _OWN if is_own(character) else _RARE)
                counted += 1
        if counted > 20_000:
            break
    return total


_EVERYDAY, _KNOWN, _RARE, _OWN = log(0.80 / 1_500), log(0.18 / 6_000), log(0.02 / 20_000), log(0.001 / 6_000)


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    """Characters of everyday use: both standards put theirs in their first level; ours are used in this very trade."""
    rows = [(codec, lead, trail) for codec, leads, trails in (
        ("cp950", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),
        ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    ) for lead in leads for trail in trails]  # fmt: skip
    weights: dict[str, float] = {}
    for codec, lead, trail in rows:
        character = bytes((lead, trail)).decode(codec, "ignore")
        if character and not is_own(character):
            weights[character] = _KNOWN
    everyday = (Path(__file__).parent / "everyday.txt").read_text(encoding="utf-8")
    return weights | {character: _EVERYDAY for character in everyday if character > "\x7f"}
