"""What every page needs to know."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from shouxin.core.links import link_for
from shouxin.core.navigation import entries_for
from shouxin.core.refs import Ref

SHEETS = tuple(
    f"core/css/{name}.css"
    for name in (
        "reset", "tokens", "base", "layout", "frame", "controls", "clock", "data", "talk", "desk", "case", "public",
        "measures", "utilities",
    )
)  # fmt: skip
HTML_LANG = {"zh-hant": "zh-Hant-TW", "zh-hans": "zh-Hans-CN", "en": "en"}
# Each language in its own words, whatever the page is written in.
OWN_NAMES = [("zh-hant", "繁體中文"), ("en", "English"), ("zh-hans", "简体中文")]


LanguageKeeper = Callable[[Any, str], object]
_KEEPERS: list[LanguageKeeper] = []


def keeps_language(keeper: LanguageKeeper) -> LanguageKeeper:
    """Register, from the room that knows people, who keeps the language that somebody chose for themselves."""
    if keeper not in _KEEPERS:
        _KEEPERS.append(keeper)
    return keeper


def keep_language(user: Any, language: str) -> None:
    for keeper in _KEEPERS:
        keeper(user, language)


def _search_url() -> str:
    """Where the search box leads; the page belongs to the highest floor."""
    return link_for(Ref("search", 0))


def house(request: HttpRequest) -> dict[str, Any]:
    """Theme and density of the reader, the rail's entries, the languages offered."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "theme": getattr(user, "theme", "") if signed_in else "",
        "density": getattr(user, "density", "") if signed_in else "",
        "shortcuts_on": getattr(user, "shortcuts_on", True) if signed_in else False,
        "rail": entries_for(user, request.path) if signed_in else [],
        # A page that says why another one is not shown stays within what surrounds the reader's other pages.
        "frame": "core/base.html" if signed_in else "core/public.html",
        "own_languages": OWN_NAMES,
        "html_lang": HTML_LANG.get(get_language() or settings.LANGUAGE_CODE, "zh-Hant-TW"),
        "sheets": SHEETS,
        "search_url": _search_url(),
    }
