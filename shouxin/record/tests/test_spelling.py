import hashlib
import json
from datetime import UTC

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.core.audience import Audience
from shouxin.record.models import FactRow
from shouxin.record.queries import entries_of
from shouxin.record.recording import EXAMPLE, content_hash, copy_contents, copy_facts, fact_ids, row_of
from shouxin.record.spelling import LEAF_IN_SQL, SPELLED, Tree, leaf_of, spelled
from shouxin.record.tests.samples import AT, CASE, LIN, WANG, LetterWritten, written
from shouxin.record.verifying import verify

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.database
@pytest.mark.django_db
@given(VALUES)
def test_a_value_is_spelled_as_postgresql_spells_it(value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text", [json.dumps(value)])
        assert cursor.fetchone()[0] == spelled(value)


@pytest.mark.parametrize("value", [1.5, {"at": object()}, [b"x"]])
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        spelled(value)


@pytest.mark.database
@pytest.mark.django_db
@settings(max_examples=20)
@given(TEXT, st.integers(-(2**62), 2**62) | st.none(), st.datetimes(timezones=st.just(UTC)))
def test_a_leaf_can_be_computed_without_a_database(text, seconds, at):
    fact = LetterWritten(subject=("case", 1), team=text, seconds=seconds, pages=[text, {"é": None, "": 1}])
    written(fact, at=at, content={"body": text})
    row = FactRow.objects.order_by("-id").values(*SPELLED)[0]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {LEAF_IN_SQL} FROM record_fact WHERE id = %s", [row["id"]])
        assert bytes(cursor.fetchone()[0]) == leaf_of(row)


def _plain_root(leaves: list[bytes]) -> bytes:
    """The tree of RFC 6962, by its recursive definition."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _plain_root(leaves[:half]) + _plain_root(leaves[half:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_streamed_root_is_that_of_the_definition(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert (tree.root, tree.count) == (_plain_root(leaves), len(leaves))


@pytest.mark.database
@pytest.mark.django_db
def test_facts_and_contents_that_are_copied_are_those_that_would_have_been_recorded():
    fact, body = LetterWritten(subject=CASE, person=WANG, actor=LIN, channel="mail", pages=2), {"body": "王小姐您好"}
    one = written(fact, content=body, source=EXAMPLE)[0]
    other, salt = fact_ids(1)[0], b"0123456789abcdef"
    copy_facts([row_of(fact, other, AT, source=EXAMPLE, hashed=content_hash(salt, body))])
    assert copy_contents([(other, salt, body)]) == 1
    told = [FactRow.objects.values(*SPELLED).get(id=number) for number in (one, other)]
    differ = {name for name in SPELLED if told[0][name] != told[1][name]}
    assert differ == {"id", "recorded_at", "content_hash"}
    assert [entry.content for entry in entries_of([one, other], Audience.STAFF)] == [body, body]
    assert verify().problems == []
