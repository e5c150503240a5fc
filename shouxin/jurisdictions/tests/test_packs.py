"""The contract of packs: every one answers every question, and every rule can be reckoned."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from shouxin.core.audience import Audience
from shouxin.jurisdictions.acts import Act
from shouxin.jurisdictions.packs import MODULES, calendar_key, pack, packs
from shouxin.jurisdictions.packs.pack import DATA
from shouxin.jurisdictions.reckoning import Reckoning
from shouxin.jurisdictions.rules import Rule, find_rules, subjects
from shouxin.jurisdictions.terms import Mark, Step

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SERVICES = {
    *(f"P{n:02}" for n in range(1, 13)),
    *(f"I{n:02}" for n in range(1, 11)),
    *(f"A{n:02}" for n in range(1, 32)),
}
EVERYWHERE = [one for one in packs() if one.has_calendar and one.code != "none"]
CLOCKS = [(one, rule) for one in EVERYWHERE for rule in one.rules if rule.has_clock]


@pytest.mark.parametrize("code", MODULES)
def test_every_pack_answers_every_question(code: str):
    one = pack(code)
    assert one.code == code
    assert one.name.hant and one.name.en
    assert isinstance(one.is_valid_identity("?"), bool)
    assert one.rules_for("complaint", NOON) == [rule for rule in one.rules if rule in one.rules_for("complaint", NOON)]
    assert all(disclosure.text and disclosure.source for disclosure in one.disclosures)


@pytest.mark.parametrize("one", EVERYWHERE, ids=lambda one: one.code)
def test_every_place_has_calendar_identity_wording_and_a_next_step(one):
    calendar = one.calendar()
    assert calendar.key == calendar_key(one.code)
    assert calendar.next_open(NOON) >= NOON
    assert all(identity.is_valid(identity.example) for identity in one.identities)
    assert {"complaint", "final_letter", "ombudsman", "regulator", "policyholder"} <= one.terms.keys()
    assert one.next_steps["complaint"].text.hant and one.next_steps["complaint"].text.en
    until = one.next_step_until("complaint", NOON, calendar)
    assert until is None or until > NOON


@pytest.mark.parametrize(("one", "rule"), CLOCKS, ids=lambda each: getattr(each, "id", ""))
def test_every_rule_can_be_reckoned_and_explained(one, rule):
    reckoning = rule.reckon(NOON, one.calendar())
    assert isinstance(reckoning, Reckoning)
    assert (reckoning.due_at < NOON) == rule.is_backward
    assert rule.due(NOON, one.calendar()) == reckoning.due_at
    assert all(NOON < at < reckoning.due_at for at in reckoning.warn_at)
    assert all(step.told and step.told_label for step in reckoning.steps)
    assert [Step.of(step.as_json()) for step in reckoning.steps] == list(reckoning.steps)


@pytest.mark.parametrize("one", packs(), ids=lambda one: one.code)
def test_rules_are_whole(one):
    numbers = [(rule.id, rule.version) for rule in one.rules]
    assert len(numbers) == len(set(numbers))
    for rule in one.rules:
        assert rule.title and rule.start and rule.subject and rule.source, rule.id
        assert rule.title.hant and rule.title.en, rule.id
        assert rule.title.hans or one.code != "CN", rule.id
        assert set(rule.services) <= SERVICES, rule.id
        assert "A29" not in rule.services, rule.id
        assert rule.is_on == (rule.mark in {Mark.F, Mark.F2, Mark.OWN}), rule.id
        assert (rule.mark == Mark.OWN) == (one.code == "company"), rule.id
        assert Rule.of(rule.as_json()) == rule
        assert isinstance(rule.audience, Audience)


@pytest.mark.parametrize("one", packs(), ids=lambda one: one.code)
def test_a_rule_names_what_keeps_it_exactly_where_it_binds_us(one):
    for rule in one.rules:
        assert bool(rule.kept_by) == (rule.binds == "insurer"), rule.id


def test_what_keeps_a_rule_is_an_act_and_not_its_subject():
    kept_by = {rule.id: rule.kept_by for one in packs() for rule in one.rules}
    assert (kept_by["TW-01"], kept_by["CO-08"]) == ((Act.PAYMENT,), (Act.DECISION,))  # both about a claim
    assert (kept_by["TW-14"], kept_by["CO-04"]) == ((Act.FINAL_LETTER, Act.ANSWER), (Act.ACKNOWLEDGEMENT,))
    assert (kept_by["CO-01"], kept_by["CO-02"]) == ((Act.REPLY,), (Act.CALL_REACHED,))
    assert (kept_by["CO-03"], kept_by["US-03-IA"]) == ((Act.REPORT,), (Act.ANSWER,))


def test_an_act_nobody_knows_is_a_mistake_in_the_file():
    with pytest.raises(ValueError, match="closing"):
        Rule.of(pack("TW").rule("TW-01").as_json() | {"kept_by": ["closing"]})


# Wordings and customs that have no day of coming into force.
UNREAD = {"保險單條款", "未查得正式條文", "州法（慣例）", "市場慣例", "公司服務標準"}


def test_what_is_not_verified_is_shown_but_off():
    assert not pack("CN").rule("CN-28").is_on
    assert pack("CN").rule("CN-28") in find_rules("CN", "cooling_off")
    assert pack("CN").rule("CN-28") not in pack("CN").rules_for("cooling_off", NOON, binds="customer")


def test_rules_are_found_by_service_start_and_day():
    taiwan, mainland = pack("TW"), pack("CN")
    assert [rule.id for rule in taiwan.rules_for("complaint", NOON, service="A15")] == ["TW-14"]
    assert [rule.id for rule in mainland.rules_for("complaint", NOON)] == ["CN-12"]
    assert mainland.rules_for("complaint", date(2020, 2, 29)) == []
    assert [rule.id for rule in mainland.rules_for("claim", NOON, start="payment_agreed")] == ["CN-03"]
    assert {rule.id for rule in pack("company").rules_of_service("A15", NOON)} == {"CO-04", "CO-24"}
    for event in ("last_report", "complaint_received", "case_reopened"):
        assert [rule.id for rule in pack("company").rules_for("progress", NOON, start=event)] == ["CO-03"]
    assert pack("company").rules_for("progress", NOON, start="request_received") == []


def test_words_find_rules_in_either_script():
    assert "TW-14" in {rule.id for rule in find_rules(words="金融消費者保護法")}
    assert "TW-14" in {rule.id for rule in find_rules(words="金融消费者保护法")}
    assert {rule.id for rule in find_rules("US-TX", "claim", "542.055")} == {"US-08-TX"}
    assert "complaint" in subjects()


def test_the_company_works_by_the_calendar_of_the_branch():
    with pytest.raises(LookupError, match="branch"):
        pack("company").calendar()
    due = pack("company").rule("CO-01").due(NOON, pack("TW").calendar("台北市"))
    assert due == pack("TW").calendar().end_of(date(2026, 11, 25))


def test_an_unknown_jurisdiction_is_refused():
    with pytest.raises(LookupError, match="Atlantis"):
        pack("Atlantis")
    with pytest.raises(LookupError, match="TW-999"):
        pack("TW").rule("TW-999")


def test_a_promise_keeps_its_own_copy_of_the_terms():
    rule = pack("CN").rule("CN-12")
    again = Rule.of(rule.as_json())
    assert again.extension("CN-14").limit == 60
    assert pack("US-TX").rule("US-08-TX").interest.rate == Decimal("0.18")


@pytest.mark.parametrize(
    ("code", "rule", "day"),
    [
        ("TW", "TW-01", date(1997, 5, 30)),  # 保險法 §34, published on the 28th
        ("TW", "TW-08", date(2022, 12, 2)),  # §116 as changed on 30 November 2022
        ("TW", "TW-10", date(2007, 7, 20)),
        ("TW", "TW-14", date(2011, 12, 30)),  # the day the Executive Yuan set
        ("TW", "TW-17", date(2015, 5, 3)),
        ("TW", "TW-18", date(2019, 8, 30)),  # §18 was changed after the others
        ("TW", "TW-30", date(2012, 10, 1)),
        ("TW", "TW-34", date(2005, 2, 7)),
        ("TW", "TW-43", date(2023, 7, 1)),
        ("CN", "CN-03", date(2009, 10, 1)),
        ("CN", "CN-12", date(2020, 3, 1)),
        ("CN", "CN-31", date(2024, 3, 1)),
        ("UK", "UK-03", date(2016, 6, 30)),
        ("US-TX", "US-08-TX", date(2005, 4, 1)),
    ],
)
def test_a_rule_is_valid_from_the_day_its_article_came_into_force(code, rule, day):
    found = pack(code).rule(rule)
    assert found.valid_from == day
    assert found.is_valid_on(day) and not found.is_valid_on(day - timedelta(days=1))


def test_a_day_that_could_not_be_found_is_none_and_keeps_no_rule_from_holding():
    for code, rule in (("TW", "TW-22"), ("HK", "HK-04"), ("SG", "SG-03"), ("US-PA", "US-18-PA"), ("company", "CO-01")):
        found = pack(code).rule(rule)
        assert found.valid_from is None and found.is_valid_on(date(1990, 1, 1)) and found.is_valid_on(date(2030, 1, 1))
        assert Rule.of(found.as_json()) == found


def test_nothing_takes_over_a_day_that_is_not_its_own():
    for path in DATA.glob("*.toml"):
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        assert "valid_from" not in plain.get("usual", {}), path.name
    for one in packs():
        sourceless = [rule.id for rule in one.rules if rule.valid_from and rule.source.hant in UNREAD]
        assert not sourceless, one.code


def test_the_smallest_sum_is_that_of_the_place():
    assert (pack("TW").unit, pack("CN").unit, pack("HK").unit) == (Decimal(1), Decimal("0.01"), Decimal("0.01"))
