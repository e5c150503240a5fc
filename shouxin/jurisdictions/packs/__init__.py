"""The packs: one per jurisdiction, each answering every question of one interface (see pack.py)."""

from functools import cache
from importlib import import_module
from zoneinfo import ZoneInfo

from shouxin.jurisdictions.packs.pack import Pack

# Which module holds which pack; a new jurisdiction is one module and one entry.
MODULES = {
    "TW": "tw",
    "CN": "cn",
    "HK": "hk",
    "UK": "uk",
    "SG": "sg",
    **{f"US-{state}": "us" for state in ("IA", "OH", "TX", "CA", "VA", "AK", "PA")},
    "company": "company",
    "none": "none",
}


COMPANY = "company"


@cache
def pack(code: str) -> Pack:
    """The pack of a jurisdiction, as its data files have it. LookupError when there is none.

    The company may have set its own standards otherwise: whoever promises or shows them asks `standards.in_force`.
    """
    if code not in MODULES:
        raise LookupError(f"no pack for the jurisdiction {code!r}")
    return import_module(f"{__name__}.{MODULES[code]}").make(code)


def packs() -> list[Pack]:
    """All packs, places first, then the company's own standards and `none`."""
    return [pack(code) for code in MODULES]


def calendar_key(jurisdiction: str, place: str = "") -> str:
    """How a promise names its calendar: ``TW:台北市``."""
    return f"{jurisdiction}:{place}"


@cache
def zone_of(key: str) -> ZoneInfo | None:
    """The time zone of a calendar by its key (or of a jurisdiction): the one its deadlines are written in.

    None for what has no calendar of its own, such as the company's standards.
    """
    code = key.partition(":")[0]
    return ZoneInfo(pack(code).zone) if code in MODULES and pack(code).has_calendar else None
