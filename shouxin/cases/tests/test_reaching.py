"""Every term that binds the insurer is begun by something, or the list says what is missing."""

from shouxin.cases.reaching import NOT_YET, beginnings, page, terms
from tests.house import ROOT


def test_every_term_is_begun_by_the_products_own_actions_or_named_with_what_is_missing():
    unreached = {rule.id for rule in terms() if not beginnings(rule)}

    assert unreached == set(NOT_YET)


def test_terms_of_each_place_begin_where_the_law_begins_them():
    found = {rule.id: beginnings(rule) for rule in terms()}

    assert found["SG-03"] == ["A13: opening", "A15: opening", "A16: opening"]
    assert found["TW-14"][:2] == ["A13: opening", "A13: case_reopened"]
    assert found["US-05-OH"] == ["A10: recorded (proof_received)", "A12: recorded (proof_received)"]
    assert found["TW-09"] == ["A03: recorded (evidence_received)"]
    assert found["CO-11"][0] == found["CN-31"][0] == "policies: agent_left"
    assert found["TW-34"] == ["policies: every night, ahead (cover_ends)"]


def test_the_list_for_compliance_says_what_the_packs_say():
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")

    assert written == page(), "write it anew: manage.py rules > docs/rules.md"
