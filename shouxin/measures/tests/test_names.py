"""Two promises of one title are told apart by their number and by whose word they are."""

import pytest

from shouxin.jurisdictions.packs import packs
from shouxin.measures.labels import named

pytestmark = pytest.mark.django_db


def test_the_law_and_the_company_are_told_apart_where_they_promise_the_same():
    assert named("rule", ["TW-03", "CO-09", "given-callback", "gone"]) == {
        "TW-03": "TW-03 解約金給付（法定）", "CO-09": "CO-09 解約金給付（公司標準）", "given-callback": "回電給您",
        "gone": "gone",
    }  # fmt: skip


def test_no_two_rules_bear_one_name():
    ids = {rule.id for one in packs() for rule in one.rules}
    assert len(set(named("rule", ids).values())) == len(ids)
