"""What the example insurer is made of: names, places, products, what customers write and what we answer."""

import tomllib
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any


@lru_cache
def read(name: str) -> dict[str, Any]:
    """One file of the corpus."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache
def stories() -> tuple[dict[str, Any], ...]:
    """Every story, from all story files."""
    files = sorted(path.stem for path in Path(__file__).parent.glob("stories_*.toml"))
    return tuple(story for name in files for story in read(name)["story"])


@lru_cache
def _surnames() -> tuple[list[str], list[int]]:
    pairs = read("names")["surnames"]
    return [name for name, _weight in pairs], [weight for _name, weight in pairs]


def person_name(random: Random, gender: str, born: int) -> str:
    """A full name as a person of that sex and year of birth might bear."""
    given = read("names")["women" if gender == "female" else "men"]
    decade = str(min(max(born // 10 * 10, 1940), 2000))
    names, weights = _surnames()
    return random.choices(names, weights)[0] + random.choice(given[decade].split())
