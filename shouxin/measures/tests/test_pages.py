"""Pages, board and file: the same figures as the engine, for those who may see them, down to the case."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from typing import get_args, get_type_hints

import pytest
from django.urls import reverse

from shouxin.core.clock import day_of, now, start_of
from shouxin.core.refs import Ref
from shouxin.measures.asking import Question
from shouxin.measures.engine import measure
from shouxin.measures.indicators import registry
from shouxin.measures.jobs import keep_copy
from shouxin.measures.rules import COLLEAGUES
from shouxin.measures.templatetags.figures import between, plain
from shouxin.measures.tests.makers import row, span, write
from shouxin.people.models import Company
from shouxin.record.facts import KINDS, own_fields

pytestmark = pytest.mark.django_db
PROMISED = {"title": "書面答覆", "due_at": "2026-12-01T00:00:00+00:00", "rule_version": 1, "early_seconds": 60}


@pytest.fixture
def worked(cast):
    """Three complaints of two teams in these days; the second one closed late, the third still open."""
    today = start_of(day_of(now()))
    lin, chang = str(cast.lin.ref), str(cast.chang.ref)
    cases = (
        (1, 9, 2, "complaints-1", lin),
        (2, 60, 5, "complaints-1", str(cast.chen.ref)),
        (3, 4, None, "calls-1", chang),
    )
    facts = []
    for case, opened_ago, closed_ago, team, actor in cases:
        opened = today - timedelta(days=opened_ago)
        about = {"team": team, "actor": actor, "service": "A15", "reason": "answered"} | PROMISED
        facts += [row("CaseOpened", case, opened, **about), row("ComplaintOpened", case, opened, **about)]
        facts.append(
            row("PromiseBroken" if case == 3 else "PromiseKept", case, opened, rule="r", promise=case, **about)
        )
        facts.append(row("CaseAssigned", case, opened, **about | {"to": actor, "to_team": team}))
        if closed_ago is not None:
            closed = today - timedelta(days=closed_ago)
            facts += [
                span("CaseClosed", case, opened, closed, **about),
                span("ComplaintClosed", case, opened, closed, **about),
            ]
    write(facts)
    return cast


def signed_in(client, staff):
    client.force_login(staff)
    return client


def year_of(code, **how):
    today = day_of(now())
    months = today.year * 12 + today.month - 12
    since = date(months // 12, months % 12 + 1, 1)
    return Question(code, since, today + timedelta(days=1), today=today, **how)


@pytest.mark.parametrize("code", list(registry()))
def test_every_indicator_has_its_page_in_chinese_with_formula_table_and_facts(worked, client, code):
    told = signed_in(client, worked.chou).get(reverse("measures:indicator", args=[code])).content.decode()

    indicator = registry()[code]
    for paragraph in indicator.page:
        assert re.search("[一-鿿]", paragraph), paragraph
    assert str(indicator.above) in unescape(told)
    assert told.count('class="chart-dot') >= 1
    assert f"/measures/{code}/facts/?" in told


def test_page_file_command_and_board_say_the_same(worked, client):
    signed_in(client, worked.chou)
    for code in registry():
        asked = year_of(code, by=("team",))
        url = reverse("measures:figures", args=[code]) + "?by=team"
        told = list(csv.DictReader(io.StringIO(client.get(url).content.decode("utf-8-sig"))))
        page = client.get(reverse("measures:indicator", args=[code]) + "?by=team").context["sheet"]
        rows = measure(asked).rows

        assert [(each["team"], each["numerator"], each["n"]) for each in told] == [
            (row.by["team"], str(row.numerator), str(row.n)) for row in rows
        ]
        assert sorted((line.figure for line in page.lines), key=lambda row: row.by["team"]) == rows
        assert sum(line.figure.n for line in page.lines) == page.whole.figure.n or code == "backlog"
    board = client.get(reverse("measures:board", args=["calls-1"])).context["board"]
    backlog = measure(year_of("backlog", where=(("team", "calls-1"),))).rows[0]
    assert board.tiles[0].value == backlog.value == 1
    assert [each.entry.subject.id for each, _service in board.oldest] == [3]


def test_each_cell_opens_to_as_many_facts_as_it_counts(worked, client):
    signed_in(client, worked.chou)
    for code in registry():
        page = client.get(reverse("measures:indicator", args=[code]) + "?by=team").context["sheet"]
        busy = [line for line in page.twin if line.figure.n]
        for line in (page.whole, *page.lines, *busy):
            shown = client.get(line.url)

            assert shown.context["row"].n == len(shown.context["rows"]) == line.figure.n


def test_an_officer_sees_the_figures_of_the_own_work_only(worked, client):
    signed_in(client, worked.lin)

    page = client.get(reverse("measures:indicator", args=["complaints-closed"]) + "?where=staff=chen").context["sheet"]

    assert page.whole.figure.value == 1
    assert [line.figure.by["team"] for line in page.lines] == ["complaints-1"]
    own = client.get(reverse("measures:facts", args=["complaints-closed"])).context["rows"].rows
    assert [each.entry.subject.id for each in own] == [1]


def test_a_team_leader_sees_the_own_people_and_not_those_of_others(worked, client):
    signed_in(client, worked.chou)

    page = client.get(reverse("measures:indicator", args=["complaints-opened"]) + "?by=staff").context["sheet"]

    assert [(line.label, line.figure.value) for line in page.lines] == [("陳柏宏", 1), ("林佳穎", 1)]


def test_an_officer_reads_which_openings_are_his_own_and_a_planner_does_not(worked, client):
    write([row("ComplaintOpened", 4, now(), team="calls-1")])
    url = reverse("measures:indicator", args=["complaints-opened"])
    told = "客戶自己送來的申訴，受理時還沒有負責的專員，所以算在組別，不算在個人。"
    signed_in(client, worked.chang)

    page = client.get(url)

    assert page.context["sheet"].whole.figure.value == 1
    assert told in page.content.decode()
    assert told in client.get(reverse("measures:list")).content.decode()
    signed_in(client, worked.tsai)
    assert told not in client.get(url).content.decode()


def test_planning_sees_teams_but_no_single_colleague(worked, client):
    worked.tsai.functions = []
    worked.tsai.save()
    signed_in(client, worked.tsai)

    assert client.get(reverse("measures:indicator", args=["complaints-opened"]) + "?by=team").status_code == 200
    assert client.get(reverse("measures:indicator", args=["complaints-opened"]) + "?by=staff").status_code == 403
    assert client.get(reverse("measures:figures", args=["backlog"]) + "?where=staff=lin").status_code == 403


@pytest.mark.parametrize("key", ["officer", "to", "former", "investigator"])
def test_no_field_of_the_facts_shows_planning_a_single_colleague(worked, client, key):
    worked.tsai.functions = []
    worked.tsai.save()
    signed_in(client, worked.tsai)
    url = reverse("measures:indicator", args=["promises-kept"])

    assert client.get(f"{url}?where={key}%3D{worked.lin.ref}").status_code == 403
    assert client.get(f"{url}?where=unknown%3D{worked.lin.ref}").status_code == 403
    assert client.get(f"{url}?where={key}%3D{worked.tsai.ref}").status_code == 200


def test_every_field_that_refers_to_something_is_known_as_a_colleague_or_as_something_else():
    referring = {
        name for kind in KINDS.values() if kind.__module__.startswith("shouxin.") and ".tests" not in kind.__module__
        for name in own_fields(kind) if Ref in {get_type_hints(kind)[name], *get_args(get_type_hints(kind)[name])}
    }  # fmt: skip

    assert referring - COLLEAGUES == {"policy", "other", "into", "parted_from", "representative"}


def test_what_only_compliance_may_read_counts_for_compliance_alone(worked, client):
    write([row("PromiseKept", 9, now(), rule="secret", promise=9, audience="compliance", **PROMISED)])
    url = reverse("measures:indicator", args=["promises-kept"]) + "?by=rule"

    others = signed_in(client, worked.chou).get(url)
    compliance = signed_in(client, worked.tsai).get(url)

    assert "secret" not in others.content.decode()
    assert [line.figure.by["rule"] for line in compliance.context["sheet"].lines] == ["r", "secret"]
    shown = client.get(reverse("measures:facts", args=["promises-kept"])).context["rows"].rows
    assert len(shown) == 4


def test_the_board_names_no_customer_and_is_for_the_team_and_its_leaders(worked, client):
    url = reverse("measures:board", args=["calls-1"])

    assert signed_in(client, worked.chang).get(url).status_code == 200
    assert signed_in(client, worked.huang).get(url).status_code == 403
    piece = signed_in(client, worked.chou).get(url, headers={"HX-Request": "true"}).content.decode()
    assert piece.startswith("<main") and "customer" not in piece


def test_a_bad_question_is_answered_beside_its_fields(worked, client):
    signed_in(client, worked.chou)

    answer = client.get(reverse("measures:indicator", args=["backlog"]) + "?since=2026-05-01&last=2026-04-01")

    assert answer.status_code == 422
    assert "這段期間是空的" in answer.content.decode()
    assert client.get(reverse("measures:indicator", args=["no-such"])).status_code == 404


def test_the_list_shows_every_indicator_once(worked, client):
    told = signed_in(client, worked.chou).get(reverse("measures:list"))

    assert [each.indicator.code for each in told.context["rows"]] == list(registry())
    assert "兌現的承諾" in told.content.decode()


def test_a_file_gives_no_formula_to_a_spreadsheet(worked, client):
    write([row("ComplaintOpened", 8, now(), company=["=1+1"])])
    url = reverse("measures:figures", args=["complaints-opened"]) + "?by=company"

    assert "'=1+1" in signed_in(client, worked.chou).get(url).content.decode()


def test_a_page_shows_the_figures_by_a_field_of_an_imported_file(worked, client):
    told = ((8, "本人"), (9, "家屬"))
    write([row("ComplaintOpened", n, now(), source="import", more={"filed_by": [who]}) for n, who in told])
    url = reverse("measures:indicator", args=["complaints-opened"]) + "?by=filed_by"

    page = signed_in(client, worked.chou).get(url)

    counted = {line.figure.by["filed_by"]: line.figure.value for line in page.context["sheet"].lines}
    assert counted == {"": 3, "本人": 1, "家屬": 1}
    assert client.get(url.replace("filed_by", "Filed-by")).status_code == 422
    assert client.get(url.replace("filed_by", "weather")).status_code == 422


def test_a_page_asks_the_database_the_same_number_of_times_however_many_rows(
    worked, client, django_assert_max_num_queries
):
    signed_in(client, worked.chou)
    url = reverse("measures:indicator", args=["complaints-opened"]) + "?by=team"
    client.get(url)
    with django_assert_max_num_queries(14):
        client.get(url)
    write([row("ComplaintOpened", n, now(), team=f"t{n}") for n in range(20, 40)])
    with django_assert_max_num_queries(14):
        assert len(client.get(url).context["sheet"].lines) == 22


def test_an_example_home_with_a_real_case_offers_the_figures_of_the_example(cast, client):
    Company.objects.update(is_example=True)
    write([row("ComplaintOpened", n, now(), source="example") for n in (1, 2)] + [row("ComplaintOpened", 3, now())])
    signed_in(client, cast.chou)
    url = reverse("measures:indicator", args=["complaints-opened"])

    usual = client.get(url)

    assert usual.context["sheet"].whole.figure.value == 1
    assert "看範例的數字" in usual.content.decode()
    example = client.get(url + "?where=source%3Dexample")
    assert example.context["sheet"].whole.figure.value == 2
    assert "看範例的數字" not in example.content.decode()
    listed = {each.indicator.code: each for each in client.get("/measures/?where=source%3Dexample").context["rows"]}
    assert listed["complaints-opened"].row.value == 2
    assert client.get(listed["complaints-opened"].url).context["sheet"].whole.figure.value == 2


def test_the_worker_keeps_the_copy_without_changing_a_figure(worked):
    before = measure(year_of("complaints-closed")).rows

    keep_copy(timestamp=0)

    assert measure(year_of("complaints-closed")).rows == before


@pytest.mark.parametrize("code", list(registry()))
def test_every_related_indicator_leads_to_the_figure_shown_beside_it(worked, client, code):
    signed_in(client, worked.chou)
    followed = []
    for stat in registry()[code].stats:
        beside = client.get(reverse("measures:indicator", args=[code]) + f"?stat={stat}&days=7").context["beside"]
        for each in beside:
            there = client.get(each.url)
            assert there.status_code == 200
            assert there.context["sheet"].whole.figure == each.row
            followed.append(each.url)
    assert len(followed) == len(registry()[code].beside) * len(registry()[code].stats)


def test_the_numerator_of_a_share_opens_to_itself(worked, client):
    write(
        [row("PromiseKept", 40 + n, now(), promise=40 + n, **PROMISED) for n in range(3)]
        + [row("PromiseBroken", 50, now(), promise=50, **PROMISED)]
    )
    signed_in(client, worked.chou)
    url = reverse("measures:facts", args=["promises-kept"])
    whole = client.get(url)
    figure = whole.context["row"]

    kept, broken = (client.get(f"{url}?only={word}").context["rows"].rows for word in ("yes", "no"))

    assert len(kept) == figure.numerator and {each.value for each in kept} == {1}
    assert len(broken) == figure.denominator - figure.numerator and {each.value for each in broken} == {0}
    assert "only=yes" in whole.content.decode() and len(broken) >= 1


def test_the_board_opens_overdue_cases_to_the_overdue_ones(worked, client):
    write([row("PromiseBroken", 3, now(), promise=3, **PROMISED)])
    signed_in(client, worked.chou)
    tile = client.get(reverse("measures:board", args=["calls-1"])).context["board"].tiles[1]

    assert tile.value == 1
    assert [each.entry.subject.id for each in client.get(tile.url).context["rows"].rows] == [3]


def test_the_course_of_a_figure_can_be_taken_along(worked, client):
    signed_in(client, worked.chou)
    page = client.get(reverse("measures:indicator", args=["complaints-opened"])).context["sheet"]
    url = reverse("measures:figures", args=["complaints-opened"]) + f"?{page.course_query}"

    told = list(csv.DictReader(io.StringIO(client.get(url).content.decode("utf-8-sig"))))

    assert page.twin_span == "month"
    assert [(each["month"], each["value"]) for each in told] == [
        (line.label, str(line.figure.value)) for line in page.twin[::-1] if line.figure.n
    ]
    refused = client.get(reverse("measures:figures", args=["complaints-opened"]) + "?by=weather")
    assert refused.status_code == 422 and "weather" in refused.content.decode()


def test_a_figure_with_a_number_of_days_says_it_in_its_name(worked, client):
    signed_in(client, worked.chou)
    url = reverse("measures:indicator", args=["complaints-closed-within"])

    assert "<h1>30 天內結案的申訴</h1>" in client.get(url).content.decode()
    assert "<h1>10 個工作天內結案的申訴</h1>" in client.get(url + "?days=10&unit=working").content.decode()


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.00072, "share", "0.1"), (0.0004, "share", "<0.1"), (0.0, "share", "0.0"), (0.00473, "share", "0.5"),
        (0.976, "hours", "1.0"), (0.044, "hand-overs per case", "0.044"), (1234.5, "days", "1,234"), (7, "cases", "7"),
    ],
)  # fmt: skip
def test_numbers_of_one_column_have_one_precision(value, unit, shown):
    assert plain(value, unit) == shown


def test_an_interval_of_a_count_is_whole():
    assert between(160.2, 214.7, "cases") == "160–215"
