from datetime import date

import pytest
from django.core.management import call_command

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.people import actions
from shouxin.people.models import Agent, Branch, Notice, Staff, Team
from shouxin.people.queries import hours_at, hours_of
from shouxin.people.tests.test_session import resets_asked
from shouxin.record.queries import timeline

BACKEND = "shouxin.people.backends.StaffBackend"
WEEK = {f"day{n}": "09:00-12:00 13:00-17:30" for n in range(5)} | {"day5": "", "day6": "", "day7": "09:00-12:00"}


def signed_in(client, staff: Staff):
    client.force_login(staff, backend=BACKEND)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_colleagues_asks_the_same_number_of_questions_however_many_there_are(
    cast, client, count, django_assert_num_queries
):
    Staff.objects.filter(post="TL").update(left_on=date(2026, 1, 1), is_active=False)
    for number in range(count):
        Staff.objects.create_user(f"new{number}", name="新人", post="TL", team=cast.calls, joined_on=date(2026, 1, 1))
    signed_in(client, cast.lin)
    client.get("/people/")

    with django_assert_num_queries(6):
        page = client.get("/people/", {"q": "新人"}).content.decode()

    assert page.count("/people/staff/new") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_of_agents_asks_the_same_number_of_questions(cast, client, count, django_assert_num_queries):
    for number in range(count):
        Agent.objects.create(number=f"Z-{number}", name="孫", branch=cast.taipei, registered_on=date(2020, 1, 1))
    signed_in(client, cast.lin)
    client.get("/people/agents/")

    with django_assert_num_queries(5):
        page = client.get("/people/agents/", {"q": "Z-"}).content.decode()

    assert page.count("<td>Z-") == count


def test_a_colleague_who_left_is_found_only_when_asked_for(cast, client):
    actions.leave(cast.chen, by=cast.hsu)
    signed_in(client, cast.lin)

    assert "陳柏宏" not in client.get("/people/").content.decode()
    assert "陳柏宏" in client.get("/people/", {"left": "1"}).content.decode()


def test_the_page_of_a_colleague_tells_what_happened(cast, client):
    actions.move(cast.huang, by=cast.hsu, post="CC", team=cast.calls)

    page = signed_in(client, cast.lin).get("/people/staff/huang/").content.decode()

    assert "從台南櫃面組（櫃面）調來" in page


def test_hr_takes_somebody_on_and_the_link_goes_to_their_own_address_only(cast, client):
    signed_in(client, cast.hsu)
    told = {"account": "fang", "name": "方雅雯", "post": "TL", "team": cast.calls.pk, "joined_on": "2026-11-02"}

    page = client.post("/people/new/", told | {"email": "fang@shouxin.example"}, follow=True).content.decode()

    assert "設定密碼的連結已寄給 方雅雯" in page
    assert "/password/new/" not in page
    assert resets_asked() == [Staff.objects.get(account="fang").pk]
    assert Notice.objects.get(staff=cast.admin).text == "許秀琴 將 方雅雯 登錄為組長。"


def test_hr_is_told_that_a_link_without_an_address_comes_from_an_administrator(cast, client):
    signed_in(client, cast.hsu)
    told = {"account": "fang", "name": "方雅雯", "post": "CC", "team": cast.calls.pk, "joined_on": "2026-11-02"}

    page = client.post("/people/new/", told, follow=True).content.decode()

    assert Staff.objects.get(account="fang").joined_on == date(2026, 11, 2)
    assert "連結只寄到該同仁自己的信箱" in page and "/password/new/" not in page


def test_an_administrator_takes_somebody_on_by_the_form_and_sees_the_link_once(cast, client):
    signed_in(client, cast.admin)
    told = {"account": "Fang", "name": "方雅雯", "post": "CC", "team": cast.calls.pk, "joined_on": "2026-11-02"}

    page = client.post("/people/new/", told, follow=True).content.decode()

    assert Staff.objects.get(account="fang").joined_on == date(2026, 11, 2)
    assert "/password/new/" in page
    assert "/password/new/" not in client.get("/people/staff/fang/").content.decode()


def test_a_name_that_is_taken_is_told_at_the_field(cast, client):
    told = {"account": "lin", "name": "林", "post": "CC", "joined_on": "2026-11-02"}

    answer = signed_in(client, cast.hsu).post("/people/new/", told)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["account"])


def test_the_profile_is_kept_and_the_page_is_in_the_new_language_at_once(cast, client):
    told = {"email": "lin@shouxin.example", "language": "en", "theme": "dark", "density": "roomy"}

    page = signed_in(client, cast.lin).post("/profile/", told, follow=True).content.decode()

    cast.lin.refresh_from_db()
    assert (cast.lin.language, cast.lin.theme, cast.lin.density, cast.lin.shortcuts_on) == (
        "en",
        "dark",
        "roomy",
        False,
    )
    assert "Your deputy" in page


def test_the_profile_says_what_holds_when_nothing_is_chosen(cast, client):
    signed_in(client, cast.lin)

    page = client.get("/profile/").content.decode()

    assert '<option value="" selected>跟隨裝置設定</option>' in page
    assert '<option value="" selected>緊密</option>' in page
    assert "---------" not in page


def test_a_deputy_is_named_and_taken_back_on_the_profile(cast, client):
    signed_in(client, cast.lin)
    client.post("/profile/deputies/", {"deputy": cast.chen.pk, "from_on": "2026-11-24", "until_on": "2026-11-27"})
    row = cast.lin.deputies.get()
    assert row.deputy == cast.chen

    assert client.post(f"/profile/deputies/{row.pk}/release/").status_code == 303
    assert cast.lin.deputies.count() == 0


def test_a_span_that_ends_before_it_begins_is_told(cast, client):
    told = {"deputy": cast.chen.pk, "from_on": "2026-11-24", "until_on": "2026-11-20"}

    answer = signed_in(client, cast.lin).post("/profile/deputies/", told)

    assert (answer.status_code, list(answer.context["deputy_form"].errors)) == (422, ["until_on"])


def test_the_page_of_rights_marks_who_may_what(cast, client):
    page = signed_in(client, cast.lin).get("/people/rights/").content.decode()

    row = page[page.index("people.settings") :].split("</tr>")[0]
    assert row.count("✓") == 1


def test_an_administrator_sets_the_hours_of_an_office_and_its_calendar_has_them(cast, client):
    signed_in(client, cast.admin)

    assert client.send("/settings/offices/taipei/hours/", WEEK | {"from_on": "2026-12-01"}).status_code == 303

    (hours,) = hours_of(cast.taipei)
    assert hours.from_on == date(2026, 12, 1)
    assert hours.weekly == (((540, 720), (780, 1050)),) * 5 + ((), ())
    assert hours_at(cast.taipei.jurisdiction, "台北市") == (hours,)
    (entry,) = timeline(Ref("branch", cast.taipei.pk), Audience.STAFF)
    assert (entry.kind, entry.data["place"], entry.jurisdiction) == ("HoursSet", "台北市", cast.taipei.jurisdiction)


@pytest.mark.parametrize("wrong", [{"day0": "nine to five"}, {f"day{n}": "" for n in range(5)}])
def test_hours_that_are_none_are_told(cast, client, wrong):
    answer = signed_in(client, cast.admin).post(
        "/settings/offices/taipei/hours/", WEEK | {"from_on": "2026-12-01"} | wrong
    )

    assert answer.status_code == 422
    assert hours_of(cast.taipei) == ()


def test_settings_are_changed_by_form_and_recorded(cast, client):
    signed_in(client, cast.admin)
    told = {"code": "north", "name": "北區組", "branch": cast.taipei.pk, "leader": cast.lin.pk}

    client.post("/settings/teams/new/", told)
    office = {"code": "hualien", "name": "花蓮分公司", "jurisdiction": cast.taipei.jurisdiction, "place": "花蓮縣"}
    client.post("/settings/offices/new/", office)
    client.send("/settings/company/", {"name": "晴川人壽保險", "name_en": "Qingchuan Life"})

    team = Team.objects.get(code="north")
    cast.company.refresh_from_db()
    assert (team.leader, cast.company.name) == (cast.lin, "晴川人壽保險")
    assert Branch.objects.get(code="hualien").calendar_key.endswith(":花蓮縣")
    assert [entry.leads for entry in timeline(cast.lin.ref, Audience.STAFF)] == ["north"]


@pytest.mark.parametrize(
    "path",
    ["/settings/", "/settings/company/", "/settings/offices/taipei/", "/settings/offices/taipei/hours/",
     "/settings/teams/calls-1/", "/settings/skills/claim/", "/people/agents/A-1001/", "/people/staff/lin/details/",
     "/people/staff/lin/skills/", "/people/new/", "/imports/staff/", "/setup/steps/", "/profile/", "/notices/",
     "/password/"],
)  # fmt: skip
def test_each_page_of_settings_opens_for_an_administrator(cast, client, path):
    assert signed_in(client, cast.admin).get(path).status_code == 200


def test_an_agents_departure_is_entered_in_the_register(cast, client):
    told = {
        "number": "A-1002", "name": "羅美玲", "branch": cast.taipei.pk, "registered_on": "2018-05-01",
        "left_on": "2026-11-30",
    }  # fmt: skip

    signed_in(client, cast.admin).send("/people/agents/A-1002/", told)

    cast.lo.refresh_from_db()
    assert cast.lo.has_left_on(date(2026, 11, 30)) and not cast.lo.has_left_on(date(2026, 11, 29))


def test_the_command_lists_takes_on_and_lets_go(cast, capsys):
    import json

    def run(*arguments: str) -> list[dict]:
        call_command("staff", *arguments, "--json")
        return json.loads(capsys.readouterr().out)

    (made,) = run("create", "fang", "方雅雯", "--post", "CC", "--team", "calls-1")
    assert made["team"] == "calls-1" and "/password/new/" in made["password_link"]
    assert "fang" in [row["account"] for row in run("list")]
    assert run("leave", "fang")[0]["left_on"] != ""
    assert run("functions", "hsu", "hr", "compliance")[0]["functions"] == ["compliance", "hr"]
