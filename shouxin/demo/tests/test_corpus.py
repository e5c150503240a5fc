"""The words of the example insurer: whole, filled in, and told of people they fit."""

from datetime import date, timedelta
from random import Random
from string import Formatter

import pytest

from shouxin.cases.models import Service
from shouxin.core.clock import local
from shouxin.demo.corpus import read, stories
from shouxin.demo.customers import Cover, Person, invite_customers, sell_policies
from shouxin.demo.fitting import fits
from shouxin.demo.insurer import Insurer, found_insurer
from shouxin.demo.playing import DISPUTES, Stage
from shouxin.demo.script import Script
from shouxin.demo.words import blanks, courteous, elder, noted, say
from shouxin.demo.year import Year
from tests.cast import NOON

WANG = Person(1, "K-000001", "王美玲", "female", 1960, "taipei", "0912-345-678", "", "台北市大安區信義路3號5樓")
FIELDS = ("subject", "body", "answer", "findings")


def cover(**changed) -> Cover:
    plain = {
        "id": 1, "number": "QL-10000007", "product": "END", "product_name": "富足利率變動型養老", "holder": WANG,
        "premium": 36_000, "issued": date(2020, 3, 2), "state": "in_force", "line": "life", "agent": "陳志明",
        "agent_id": 1, "agent_left_on": None,
    }  # fmt: skip
    return Cover(**plain | changed)


def _sentences() -> list[str]:
    found = []
    for story in stories():
        for name in FIELDS:
            told = story.get(name, [])
            found += [told] if isinstance(told, str) else told
        found += [each for pair in story.get("more", []) for each in pair]
        found += story.get("decided", {}).values()
    return found


def test_there_are_more_than_sixty_conversations_and_none_is_told_twice():
    bodies = [body for story in stories() for body in story["body"]]
    assert len(stories()) >= 60
    assert len(set(bodies)) == len(bodies) >= 120


@pytest.mark.parametrize("age", [20, 45, 62, 63, 77, 95])
def test_whom_a_customer_speaks_for_is_older_and_of_a_likely_age(age):
    for seed in range(30):
        told = elder(Random(seed), age)
        years = told["parent_age"] - age
        assert (told["mother"], told["father"]) == (("媽媽", "爸爸") if age <= 62 else ("姊姊", "哥哥"))
        assert 23 <= years <= 40 if age <= 62 else 1 <= years <= 5


def test_no_sentence_speaks_of_an_attachment_that_is_not_there():
    assert not [each for each in _sentences() if "附件" in each or "附上" in each]


@pytest.mark.django_db
def test_every_sentence_can_be_filled_in():
    insurer = found_insurer(Random(1), NOON)
    known = set(blanks(Random(1), cover(), NOON, insurer))
    phrases = [each for told in read("phrases").values() for each in told]
    every = _sentences() + [each for told in phrases for each in ([told] if isinstance(told, str) else told)]
    asked = {name for sentence in every for _text, name, _spec, _how in Formatter().parse(sentence) if name}
    assert asked <= known, asked - known
    assert not [each for each in every if "……" in each and not each.startswith("又漲價了")]


@pytest.mark.django_db
def test_a_story_names_what_the_catalogue_knows():
    services = Service.objects.in_bulk()
    for story in stories():
        service = services[story["service"]]
        if paper := story.get("papers"):
            assert paper in {code for code, *_rest in service.asks_for()} and f"papers_{paper}" in read("phrases"), (
                story["subject"]
            )
        if story["service"] in DISPUTES:
            assert story["decided"] and story["findings"] and story["cause"], story["subject"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, True),
        ({"line": "accident"}, False),
        ({"issued": date(2026, 5, 1)}, False),
        ({"state": "lapsed"}, False),
        ({"issued": date(2027, 5, 1)}, False),
    ],
)
def test_a_surrender_is_asked_about_only_where_there_is_a_value(changed, told):
    story = next(each for each in stories() if each["service"] == "A06")
    assert fits(story, cover(**changed), date(2026, 11, 20), "web") is told


def test_only_an_agent_who_has_left_by_then_is_said_to_have_left():
    story = next(each for each in stories() if each.get("agent") == "left" and each["service"] == "A19")
    left = cover(agent_left_on=date(2026, 6, 1))
    assert [fits(story, left, day, "web") for day in (date(2026, 5, 30), date(2026, 6, 20))] == [False, True]
    assert not fits(story, cover(), date(2026, 6, 2), "web")


def test_what_was_said_is_written_down_as_said():
    assert noted("請問「限額」是什麼？", "phone") == "客戶來電：「請問『限額』是什麼？」"
    assert noted("請問", "web") == "請問"
    assert courteous(WANG) == "王小姐"


def test_a_blank_nobody_thought_of_is_an_error_and_not_a_gap():
    with pytest.raises(KeyError):
        say(Random(1), ["{nobody}您好"], {})


@pytest.fixture
def house(db) -> tuple[Insurer, list[Person], list[Cover]]:
    random = Random(3)
    insurer = found_insurer(random, NOON)
    people = invite_customers(insurer, random, 400, local(NOON).date())
    return insurer, people, sell_policies(insurer, people, random, 600, NOON)


def _scripts(house: tuple[Insurer, list[Person], list[Cover]], seed: int) -> list[Script]:
    insurer, _people, covers = house
    random = Random(seed)
    stage = Stage(insurer, covers, random, NOON)
    return [stage.script(opening, random) for opening in Year(random, NOON).openings(700)]


def test_every_case_of_a_year_fits_its_customer_and_his_policy(house):
    for script in _scripts(house, 5):
        day = local(script.opened_at).date()
        assert script.cover is not None and fits(script.story, script.cover, day, script.channel), script.subject
        assert day.year - script.person.born >= 20
        if script.story.get("against") == "agent":
            assert (
                script.cover.agent_left_by(day)
                and script.cover.agent
                in "".join([script.body, *(event.text for event in script.events)]) + script.cover.agent
            )


def test_amounts_and_numbers_are_those_of_the_policy_in_request_and_answer(house):
    insurer, _people, covers = house
    told = blanks(Random(2), covers[0], NOON, insurer)
    assert told["policy"] == covers[0].number and told["premium"] == f"{covers[0].premium:,}"
    assert int(told["benefit"].replace(",", "")) == int(told["daily"].replace(",", "")) * told["nights"]


def test_the_same_seed_gives_the_same_year(house):
    one, other = _scripts(house, 9), _scripts(house, 9)
    assert [(s.subject, s.body, s.events) for s in one] == [(s.subject, s.body, s.events) for s in other]


def test_children_are_insured_and_hold_nothing(house):
    _insurer, people, covers = house
    assert [person for person in people if NOON.year - person.born < 18]
    assert not [each for each in covers if NOON.year - each.holder.born < 18]
    assert all(each.issued < NOON.date() and each.issued.year - each.holder.born <= 76 for each in covers)


def test_a_handful_is_forgotten_and_no_more(house):
    openings = Year(Random(4), NOON).openings(2_000)
    forgotten = [NOON - opening.at for opening in openings if opening.is_forgotten]
    assert len(forgotten) == 4 and all(timedelta(days=31) < each < timedelta(days=76) for each in forgotten)
