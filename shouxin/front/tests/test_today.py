import re
from datetime import timedelta

import pytest

from shouxin.cases.actions import assign
from shouxin.cases.models import Case
from shouxin.core.clock import day_of, now
from shouxin.front import day
from shouxin.people.actions import leave
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


@pytest.fixture
def team(cast, opened):
    """Of the complaints team: two of Chen's (one overdue), one of Lin's who has left, one of nobody, one of another."""
    for officer, due in (("chen", -1), ("chen", 1), ("lin", -2), (None, 3), ("chang", 30)):
        case = opened(at=now() - timedelta(days=1))
        if officer:
            assign(case, by=cast.chou, to=getattr(cast, officer))
        Case.objects.filter(pk=case.pk).update(due_at=now() + timedelta(hours=due), team=cast.complaints)
    opened(at=now())  # of no team
    leave(cast.lin, by=cast.hsu, on=day_of(now()) - timedelta(days=2))
    cast.lin.refresh_from_db()


def test_a_team_leader_sees_who_has_how_many_and_the_rows_add_up(cast, team):
    found = day.team_day(cast.chou, at=now())
    (complaints,) = found.teams

    assert [(m.staff.name if m.staff else "", m.open, m.overdue) for m in complaints.members] == [
        ("陳柏宏", 2, 1), ("林佳穎", 1, 1), ("張淑芬", 1, 0), ("", 1, 0), ("吳承翰", 0, 0), ("周文彬", 0, 0),
    ]  # fmt: skip
    assert (complaints.open, complaints.overdue, found.unassigned) == (5, 2, "2")
    assert day.team_day(cast.chen, at=now()) is None


def test_each_number_opens_exactly_what_it_counts(cast, signed_in, team, opened):
    for hours in (-3, 1, 2):
        case = opened(at=now() - timedelta(days=1))
        assign(case, by=cast.chou, to=cast.chou)
        Case.objects.filter(pk=case.pk).update(due_at=now() + timedelta(hours=hours))
    client = signed_in(cast.chou)
    page = client.get("/").content.decode()

    links = re.findall(r'href="(/cases/\?[^"]*)"[^>]*>\D*?(\d+)', page)
    shown = {
        url: client.get(url.replace("&amp;", "&")).content.decode().count("<tr data-row") for url, _number in links
    }
    assert {url: int(number) for url, number in links} == shown
    team_of = "/cases/?of=all&amp;team=complaints-1"
    assert [shown[url] for url in (
        team_of, f"{team_of}&amp;due=overdue", f"{team_of}&amp;officer=lin", f"{team_of}&amp;officer=none",
        f"{team_of}&amp;officer=chen&amp;due=overdue", "/cases/?of=unassigned", "/cases/?due=overdue",
    )] == [8, 3, 1, 1, 1, 2, 1]  # fmt: skip
    tab = client.get("/cases/?of=team").content.decode()
    assert tab.count("<tr data-row") == 8


def test_the_page_of_a_colleague_shows_what_lies_there(cast, signed_in, team):
    page = signed_in(cast.chou).get("/people/staff/chen/").content.decode()

    assert page.count("<li data-row") == 2 and 'href="/cases/?of=all&amp;officer=chen">全部 2 件</a>' in page


def test_a_chosen_list_says_whose_it_is_and_lets_go_of_it(cast, signed_in, team):
    page = signed_in(cast.chou).get("/cases/?of=all&team=complaints-1&officer=chen&due=overdue").content.decode()

    assert '申訴一組 · 陳柏宏 · 逾期 <a href="?of=all"' in page
    assert [f'name="{name}" value="{value}"' in page for name, value in (
        ("officer", "chen"), ("team", "complaints-1"), ("due", "overdue"))] == [True] * 3  # fmt: skip
    for nonsense in ("officer=x", "team=y", "due=z"):
        plain = signed_in(cast.chou).get(f"/cases/?of=all&{nonsense}").content.decode()
        assert plain.count("<tr data-row") == 6


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
