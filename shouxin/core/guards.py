"""Guards: a lower room asks before it acts; higher rooms may refuse with a neutral sentence.

An intention is a frozen dataclass of the asking room. A guard returns None, or why not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.functional import Promise as LazyText

Guard = Callable[[Any], "str | LazyText | None"]
GUARDS: dict[type, list[Guard]] = defaultdict(list)


class Refused(Exception):
    """The intention is refused for now; the text says why and what is missing, and names no secret."""


def refuses(intention: type) -> Callable[[Guard], Guard]:
    """Register a guard for an intention; it runs inside the asking action's transaction."""

    def register(guard_function: Guard) -> Guard:
        GUARDS[intention].append(guard_function)
        return guard_function

    return register


def guard(intention: Any) -> None:
    """Ask all guards of this intention; the first refusal is raised as Refused."""
    for text in _refusals(intention):
        raise Refused(text)


def refusals(intention: Any) -> list[str]:
    """All that stands against this intention now, for a page that shows it before anybody asks."""
    return list(_refusals(intention))


def _refusals(intention: Any) -> Iterator[str]:
    for ask in GUARDS[type(intention)]:
        if (text := ask(intention)) is not None:
            yield str(text)
