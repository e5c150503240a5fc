from datetime import timedelta

import pytest

from shouxin.cases.actions import assign
from shouxin.cases.models import Case
from shouxin.front import day
from tests.cast import NOON


def test_whoever_types_the_bare_address_is_a_customer_and_comes_to_the_door(client, cast):
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/service/")
    assert 'href="/sign-in/"' in client.get("/service/").content.decode()


def test_an_officer_begins_with_what_presses_most(cast, opened):
    for subject, due_at in (("明天", NOON + timedelta(days=1)), ("昨天", NOON - timedelta(days=1)), ("今天", NOON)):
        case = opened(subject=subject)
        assign(case, by=cast.chou, to=cast.lin, at=NOON)
        Case.objects.filter(pk=case.pk).update(due_at=due_at)

    assert [line.case.subject for line in day.mine(cast.lin, at=NOON)] == ["昨天", "今天", "明天"]
    assert day.load(cast.lin, at=NOON) == day.Load(open=3, overdue=1, today=1, week=1)
    assert day.load(cast.chen, at=NOON) == day.Load(open=0, overdue=0, today=0, week=0)


def test_a_team_leader_sees_who_has_how_many_and_what_nobody_has(cast, opened):
    overdue, fresh = opened(), opened()
    assign(overdue, by=cast.chou, to=cast.chen, at=NOON)
    Case.objects.filter(pk=overdue.pk).update(due_at=NOON - timedelta(hours=1), team=cast.complaints)
    Case.objects.filter(pk=fresh.pk).update(team=cast.complaints)

    found = day.team_day(cast.chou, at=NOON)

    assert (found.teams, found.overdue, found.unassigned) == ([cast.complaints], "1", "1")
    assert [(m.staff.name, m.open, m.overdue) for m in found.members][0] == ("陳柏宏", 1, 1)
    assert {m.staff.name for m in found.members} == {"林佳穎", "陳柏宏", "周文彬", "吳承翰"}
    assert day.team_day(cast.lin, at=NOON) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_day_asks_the_same_number_of_questions_however_full_it_is(
    cast, signed_in, opened, count, django_assert_num_queries
):
    for _each in range(count):
        assign(opened(), by=cast.chou, to=cast.chou, at=NOON)
    client = signed_in(cast.chou)
    client.get("/")

    with django_assert_num_queries(18):
        page = client.get("/").content.decode()

    assert page.count("data-row") == count


@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        ("admin", {"/settings/", "/people/rights/", "_mine"}, {"_team"}),
        ("hsu", {"/people/import/"}, {"/settings/company", "_team"}),
        ("tsai", {"/people/rights/", "/rules/"}, {"/people/import/"}),
        ("lin", {"_mine"}, {"/settings/company", "_team", "/people/import/"}),
    ],
)
def test_each_function_finds_the_pages_in_its_care(cast, signed_in, name, shown, hidden):
    page = signed_in(getattr(cast, name)).get("/").content.decode()

    assert {each for each in shown if each not in page} == set()
    assert {each for each in hidden if each in page} == set()


def test_ones_own_figures_come_after_the_page_and_lead_to_their_indicators(cast, signed_in):
    client = signed_in(cast.lin)

    assert 'hx-get="/figures-of-mine/"' in client.get("/").content.decode()
    piece = client.get("/figures-of-mine/", headers={"HX-Request": "true"}).content.decode()

    assert piece.count("/measures/") == 5 and "staff%3Dlin" in piece
