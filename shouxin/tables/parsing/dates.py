"""How a text writes a day: its numbers and what they can be. Which of two readings holds, the column decides."""

import re
from dataclasses import dataclass

from shouxin.tables.parsing.cells import folded

_REPUBLIC = re.compile(r"^(?:中華民國|中华民国|民國|民国|r\.?o\.?c\.?|r)\s*(?=\d)", re.I)
_CLOCK = re.compile(
    r"^(?P<day>.+?)(?:t|\s+)(?P<before>上午|下午|am|pm|a\.m\.|p\.m\.)?\s*(?P<hour>\d{1,2})[:時时](?P<minute>\d{2})分?"
    r"(?::?(?P<second>\d{2})秒?(?:[.,]\d{1,9})?)?\s*(?P<after>上午|下午|am|pm|a\.m\.|p\.m\.)?\s*"
    r"(?P<zone>z|utc|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_PARTS = re.compile(r"^(\d{1,4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?$")
_CHINESE = re.compile(r"^(\d{1,4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日號号]?$")
_COMPACT = re.compile(r"^(\d{2,4})(\d{2})(\d{2})$")
_WEEKDAY = re.compile(r"\s*(?:\((?:星期|週|周)?[一二三四五六日天]\)|(?:星期|週|周)[一二三四五六日天])\s*$")
_NAMES = (
    "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
    "sep sept september", "oct october", "nov november", "dec december",
)  # fmt: skip
_MONTHS = {name: place for place, names in enumerate(_NAMES, start=1) for name in names.split()}
_DAY_MONTH = re.compile(r"^(\d{1,2})[\s\-/.]*([a-z]{3,9})\.?[\s\-/.,]*(\d{4})$")
_MONTH_DAY = re.compile(r"^([a-z]{3,9})\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?[\s,\-/.]+(\d{4})$")
_SERIAL = re.compile(r"^(\d{4,6})(?:\.(\d+))?$")
# What systems write where there is no day.
_NULL = re.compile(
    r"^(?:0+|(?:0{1,4}[-/.])(?:0{1,2})[-/.](?:0{1,2})|0{0,3}1[-/.]0?1[-/.]0?1|0?1[-/.]0?1[-/.]0001|"
    r"1900[-/.]0?1[-/.]0?[01]|19000101|1899[-/.]12[-/.]3[01]|9999[-/.]12[-/.]31|99991231|0?1[-/.]0?1[-/.]1900|"
    r"31[-/.]12[-/.]9999|12[-/.]31[-/.]9999|1753[-/.]0?1[-/.]0?1|0?1[-/.]0?1[-/.]1753)$"
)
REPUBLIC, WESTERN, SHORT, DAY_FIRST, MONTH_FIRST = "republic", "western", "short", "day_first", "month_first"


@dataclass(frozen=True)
class Written:
    """A day as written. `is_republic` is None where the year does not say; `serial` is a spreadsheet's number."""

    first: int
    second: int
    third: int
    form: str  # ymd, dmy, or dmy? where day and month may be either way round
    is_republic: bool | None = None
    has_short_year: bool = False
    hour: int = 0
    minute: int = 0
    second_of: int = 0
    zone: str = ""
    has_clock: bool = False
    serial: float | None = None


def is_null(text: str) -> bool:
    """Whether this stands where there is no day."""
    found = _CLOCK.match(text)
    return bool(_NULL.match(found["day"].strip() if found else text))


def written(text: str) -> Written | None:
    """What the text writes; None where it is no day."""
    clock: dict = {}
    if found := _CLOCK.match(text):
        hour, half = int(found["hour"]), (found["before"] or found["after"] or "").casefold().replace(".", "")
        if half and not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in ("下午", "pm") else 0) if half else hour
        clock = {"hour": hour, "minute": int(found["minute"]), "second_of": int(found["second"] or 0),
                 "zone": (found["zone"] or "").upper(), "has_clock": True}  # fmt: skip
        text = found["day"].strip()
        if hour > 24 or int(found["minute"]) > 59 or clock["second_of"] > 59:
            return None
    day = _day(_WEEKDAY.sub("", text).strip())
    if day is None:
        return None
    return Written(**day, **clock) if day.get("serial") is None or not clock else None


def _day(text: str) -> dict | None:
    stripped = _REPUBLIC.sub("", text)
    said = stripped != text
    if (found := _CHINESE.match(stripped)) or (found := _COMPACT.match(stripped)):
        return _year_first(found[1], int(found[2]), int(found[3]), said)
    if found := _PARTS.match(stripped):
        first, last = found[1], found[4]
        if len(last) == 4 and len(first) <= 2 and not said:
            form = "dmy" if found[2] == "." else "dmy?"
            return {"first": int(first), "second": int(found[3]), "third": int(last), "form": form}
        return _year_first(first, int(found[3]), int(last), said) if len(last) <= 2 else None
    low = stripped.casefold()
    if not said and (found := _DAY_MONTH.match(low)) and found[2] in _MONTHS:
        return {"first": int(found[1]), "second": _MONTHS[found[2]], "third": int(found[3]), "form": "dmy"}
    if not said and (found := _MONTH_DAY.match(low)) and found[1] in _MONTHS:
        return {"first": int(found[2]), "second": _MONTHS[found[1]], "third": int(found[3]), "form": "dmy"}
    if not said and (found := _SERIAL.match(stripped)) and 18_264 <= int(found[1]) <= 73_050:
        return {"first": 0, "second": 0, "third": 0, "form": "ymd", "serial": float(found[0])}
    return None


def _year_first(year: str, month: int, day: int, said: bool) -> dict | None:
    if len(year) == 1 and not said:
        return None
    is_republic = True if said or len(year) == 3 else False if len(year) == 4 else None
    return {"first": int(year), "second": month, "third": day, "form": "ymd", "is_republic": is_republic,
            "has_short_year": is_republic is None}  # fmt: skip


def evidence(text: str) -> set[str]:
    """What this cell tells about how its column writes days."""
    text = folded(text)
    found = None if is_null(text) else written(text)
    if found is None or found.serial is not None:
        return set()
    if found.form == "dmy?":
        if found.first > 12 >= found.second:
            return {DAY_FIRST}
        return {MONTH_FIRST} if found.second > 12 >= found.first else set()
    if found.has_short_year:
        return {SHORT}
    return {REPUBLIC} if found.is_republic else {WESTERN}
