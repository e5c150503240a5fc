"""The packs: one per jurisdiction, each answering every question of one interface (see pack.py)."""

from functools import cache
from importlib import import_module
from zoneinfo import ZoneInfo

from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.terms import Wording

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


@cache
def pack(code: str) -> Pack:
    """The pack of a jurisdiction. LookupError when there is none."""
    if code not in MODULES:
        raise LookupError(f"no pack for the jurisdiction {code!r}")
    return import_module(f"{__name__}.{MODULES[code]}").make(code)


def packs() -> list[Pack]:
    """All packs, places first, then the company's own standards and `none`."""
    return [pack(code) for code in MODULES]


@cache
def titles() -> dict[tuple[str, int], Wording]:
    """What each rule promises, by its id and version."""
    return {(rule.id, rule.version): rule.title for each in packs() for rule in each.rules}


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
