"""What a person may see of things that belong to rooms above: whoever lists them asks here, their room answers."""

from collections.abc import Callable, Collection, Iterable

from shouxin.core.refs import Ref
from shouxin.people.models import Staff

Sight = Callable[[Staff, Collection[int]], Collection[int]]
SIGHTS: dict[str, Sight] = {}


def sees(kind: str) -> Callable[[Sight], Sight]:
    """Register which things of this kind, given by their ids, a person may see."""

    def register(sight: Sight) -> Sight:
        SIGHTS[kind] = sight
        return sight

    return register


def seen_by(staff: Staff, refs: Iterable[Ref]) -> set[Ref]:
    """Those of these things that this person may see; a kind that no room answers for is seen by all staff."""
    seen: set[Ref] = set()
    of_kind: dict[str, set[int]] = {}
    for ref in refs:
        of_kind.setdefault(ref.kind, set()).add(ref.id)
    for kind, ids in of_kind.items():
        sight = SIGHTS.get(kind)
        seen |= {Ref(kind, key) for key in (sight(staff, ids) if sight else ids)}
    return seen
