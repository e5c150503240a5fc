"""Facts say which of their fields figures can count by name: typed columns, the same for all of them."""

from dataclasses import make_dataclass

import pytest

from shouxin.core.refs import Ref
from shouxin.record.facts import KINDS, Fact, measured_fields


def fact(name, kind, *, measured=None):
    """A kind of fact with one field of its own, which the house forgets again."""
    namespace = {"measured": (measured or name,), "__module__": __name__}
    made = make_dataclass("Told", [(name, kind)], bases=(Fact,), namespace=namespace, frozen=True, kw_only=True)
    KINDS.pop("Told")
    return made


def test_the_type_of_a_column_is_that_of_the_field():
    fields = [("to", Ref), ("former", Ref | None), ("days", int | None), ("days", int), ("first", bool), ("line", str)]

    columns = measured_fields(fact(*each) for each in fields)

    assert columns == {"days": int, "first": bool, "former": str, "line": str, "to": str}


@pytest.mark.parametrize("kinds", [[list[str]], [dict[str, int]], [int, str]])
def test_what_can_be_no_column_or_only_two_different_ones_is_refused(kinds):
    with pytest.raises(TypeError):
        measured_fields([fact("some", kind) for kind in kinds])


def test_a_column_needs_a_field():
    with pytest.raises(TypeError):
        measured_fields([fact("some", int, measured="other")])
