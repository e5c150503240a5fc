"""The screens where staff look a rule up and see a calendar."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.core.clock import day_of, now
from shouxin.core.submissions import ASIDE
from shouxin.jurisdictions.forms import places
from shouxin.jurisdictions.models import DeclaredDay
from shouxin.jurisdictions.packs import pack
from shouxin.jurisdictions.queries import calendar_of, places_of
from shouxin.record.models import FactRow

RULES = reverse("jurisdictions:rules")
TAIPEI = reverse("jurisdictions:calendar", args=["TW"])
# A working day that may be declared, whenever this runs.
DAY = pack("TW").calendar().next_working_day(day_of(now()) + timedelta(days=10))


@pytest.fixture
def officer(cast, client):
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")
    return client


@pytest.fixture
def leader(cast, client):
    client.force_login(cast.chou, backend="shouxin.people.backends.StaffBackend")
    return client


def test_rules_are_listed_and_narrowed(officer):
    everything = officer.get(RULES).content.decode()
    assert "TW-14" in everything and "CN-12" in everything and "CO-01" in everything
    found = officer.get(RULES, {"jurisdiction": "TW", "subject": "complaint"}).content.decode()
    assert "TW-14" in found and "TW-01" not in found and "CN-12" not in found
    nothing = officer.get(RULES, {"q": "飛碟"}).content.decode()
    assert "data-row" not in nothing


def test_htmx_is_given_the_table_alone(officer):
    piece = officer.get(RULES, {"q": "利率"}, headers={"HX-Request": "true"})
    assert piece.content.decode().strip().startswith('<div id="_rule_table"')
    assert "HX-Request" in piece["Vary"]


def test_what_is_not_verified_is_marked(officer):
    assert "badge--soon" in officer.get(RULES, {"q": "CN-28"}).content.decode()
    page = officer.get(reverse("jurisdictions:rule", args=["CN", "CN-28"])).content.decode()
    assert "badge--soon" in page and "badge--kept" not in page


def test_a_rule_shows_its_source_and_reckons_from_an_instant_of_choice(officer):
    url = reverse("jurisdictions:rule", args=["TW", "TW-01"])
    page = officer.get(url, {"start": "2026-10-30T15:12", "calendar": "TW", "place": "台北市"}).content.decode()
    assert "第 34 條" in page
    assert "10/31(六)" in page and "11/14(六)" in page and "11/16(一)\u200924:00" in page
    assert officer.get(url).status_code == 200
    assert "field-error" in officer.get(url, {"start": "gestern"}).content.decode()


@pytest.mark.parametrize(
    ("code", "rule", "told"),
    [("TW", "TW-10", "自 2007/7/20(五)"), ("TW", "TW-22", "生效日未查得"), ("company", "CO-03", "自公司啟用本系統起")],
)
def test_since_when_a_rule_holds_is_told_or_that_it_is_not_known(officer, code, rule, told):
    assert told in officer.get(reverse("jurisdictions:rule", args=[code, rule])).content.decode()
    assert told in officer.get(RULES, {"q": rule}).content.decode()


def test_the_company_s_standard_is_tried_by_the_calendar_of_a_place(officer):
    url = reverse("jurisdictions:rule", args=["company", "CO-02"])
    page = officer.get(url, {"start": "2026-11-24T11:30", "calendar": "TW"}).content.decode()
    assert "11/24(二)\u200914:30" in page


def test_a_duty_without_days_has_no_clock_to_try(officer):
    page = officer.get(reverse("jurisdictions:rule", args=["HK", "HK-07"])).content.decode()
    assert "h-try" not in page


@pytest.mark.parametrize("path", ["rules/TW/TW-999/", "rules/XX/TW-1/", "calendars/XX/", "calendars/company/"])
def test_what_there_is_not_is_not_found(officer, path):
    assert officer.get(f"/jurisdictions/{path}").status_code == 404


def test_a_year_shows_holidays_and_make_up_days(officer):
    page = officer.get(TAIPEI, {"year": "2025"}).content.decode()
    assert "day--makeup" in page and "day--holiday" in page and "補行上班" in page
    assert "247 個上班日" in page
    assert officer.get(TAIPEI, {"year": "20x5"}).status_code == 200
    assert officer.get(reverse("jurisdictions:calendars")).status_code == 200


def typhoon(**other: str) -> dict[str, str]:
    """What the form says of a typhoon day in Tainan."""
    told = {"day": DAY.isoformat(), "place": "台南市", "is_open": "closed", "hours": "", "source": "台南市政府公告"}
    return told | other


def test_a_day_that_we_declared_ourselves_is_as_sure_as_can_be(leader):
    leader.post(f"{TAIPEI}days/", typhoon(confirmed="on"))
    page = leader.get(TAIPEI, {"year": str(DAY.year), "place": "台南市"}).content.decode()
    (row,) = [each for each in page.partition("h-special")[2].split("<tr>") if "台南市政府公告" in each]
    assert ("宣布停班" in row, "公告</span>" in row or "公開資料" in row) == (True, False)
    assert calendar_of("TW:台南市").certainty_on(DAY) == "official"


def test_the_form_stands_above_the_year_and_our_own_country_first(leader, cast):
    page = leader.get(TAIPEI).content.decode()
    assert page.index('id="_declare"') < page.index('id="_calendar_year"')
    assert calendar_of("TW:台北市").version not in page
    assert places()[0] == ("TW", "臺灣")
    for office in (cast.taipei, cast.tainan):
        office.jurisdiction = "HK"
        office.save()
    assert places()[0] == ("HK", "香港")
    assert leader.get(reverse("jurisdictions:calendars")).context["pack"].code == "HK"


def test_an_officer_does_not_declare_days(officer):
    assert "_declare" not in officer.get(TAIPEI).content.decode()
    assert officer.post(f"{TAIPEI}days/", {}).status_code == 403


def test_a_leader_declares_a_typhoon_day(leader, cast):
    answer = leader.post(f"{TAIPEI}days/", typhoon(confirmed="on"))
    assert answer.status_code == 303
    assert DeclaredDay.objects.get().declared_by == cast.chou.pk
    assert FactRow.objects.get(kind="DayDeclared").actor == f"staff:{cast.chou.pk}"
    page = leader.get(TAIPEI, {"year": str(DAY.year), "place": "台南市"}).content.decode()
    assert "day--closed" in page and "台南市政府公告" in page
    assert "day--closed" not in leader.get(TAIPEI, {"year": str(DAY.year), "place": "台北市"}).content.decode()


def test_nothing_is_declared_before_it_is_confirmed(leader):
    answer = leader.post(f"{TAIPEI}days/", typhoon())
    page = answer.content.decode()
    assert (answer.status_code, DeclaredDay.objects.count()) == (200, 0)
    assert 'name="confirmed" value="on"' in page and "不會通知任何客戶" in page


def test_a_declaration_is_withdrawn_by_a_row_of_its_own_and_the_day_is_as_usual(leader):
    leader.post(f"{TAIPEI}days/", typhoon(confirmed="on"))
    assert "撤回…" in leader.get(TAIPEI).content.decode()
    leader.post(f"{TAIPEI}days/", typhoon(is_open="withdrawn", confirmed="on"))

    assert list(DeclaredDay.objects.order_by("pk").values_list("is_withdrawn", flat=True)) == [False, True]
    assert calendar_of("TW:台南市").about(DAY) == pack("TW").calendar("台南市").about(DAY)
    assert "撤回…" not in leader.get(TAIPEI).content.decode()


def forms_posting_to(page: str, url: str) -> list[dict[str, str]]:
    """The hidden fields of each form of the page that posts there and has nothing to fill in."""
    found = re.findall(rf'<form method="post" action="{re.escape(url)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    named = [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', each)) for each in found]
    return [{k: v for k, v in each.items() if k not in ASIDE} for each in named if "day" in each]


def test_declared_withdrawn_and_confirmed_by_the_buttons_of_the_pages_alone(leader):
    days = f"{TAIPEI}days/"
    (confirming,) = forms_posting_to(leader.post(days, typhoon()).content.decode(), days)
    assert leader.post(days, confirming).status_code == 303
    (withdrawing,) = forms_posting_to(leader.get(TAIPEI).content.decode(), days)
    asked = leader.post(days, withdrawing).content.decode()
    (confirming,) = forms_posting_to(asked, days)

    assert confirming == withdrawing | {"hours": "", "confirmed": "on"}
    assert re.findall(r'button--main">(.*?)<', asked) == ["撤回這項宣布"]
    answer = leader.post(days, confirming, follow=True)
    assert [str(each) for each in answer.context["messages"]] == ["已撤回宣布，那裡進行中的承諾會重新計算。"]
    assert list(DeclaredDay.objects.order_by("pk").values_list("is_withdrawn", flat=True)) == [False, True]


def test_the_place_is_chosen_from_those_where_offices_stand(leader):
    for place in ("臺南市", "台南", "火星"):
        assert leader.post(f"{TAIPEI}days/", typhoon(place=place, confirmed="on")).status_code == 422
    assert places_of("TW") == ["台北市", "台南市"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "12:00-09:00", "is_open": "open"},
        {"hours": "09:00-12:00", "is_open": "closed"},
        {"source": ""},
        {"day": "2026-02-30"},
        {"day": "0001-01-01"},
        {"day": "2151-01-01"},
        {"day": "9999-12-31"},
        {"hours": "09:99-12:00", "is_open": "open"},
        {"hours": "9-12", "is_open": "open"},
        {"hours": "09:00-24:01", "is_open": "open"},
        {"hours": "vormittags", "is_open": "open"},
    ],
)
def test_a_bad_declaration_is_told_and_not_made(leader, wrong):
    answer = leader.post(f"{TAIPEI}days/", typhoon(confirmed="on") | wrong)
    assert answer.status_code == 422
    assert 'id="_declare"' in answer.content.decode()
    assert not DeclaredDay.objects.exists()


def test_an_open_half_day_is_declared_with_its_hours(leader):
    told = typhoon(is_open="open", hours="13:00-17:30", confirmed="on")
    assert leader.post(f"{TAIPEI}days/", told).status_code == 303
    assert DeclaredDay.objects.get().windows == ["13:00-17:30"]


def test_how_a_declared_day_is_told_on_a_timeline(leader):
    from shouxin.core.audience import Audience
    from shouxin.core.drawers import draw
    from shouxin.record.queries import timeline

    leader.post(f"{TAIPEI}days/", typhoon(source="公告", confirmed="on"))
    (entry,) = timeline([DeclaredDay.objects.get().ref], Audience.STAFF)
    assert "台南市" in draw(entry).text and draw(entry).detail == "公告"
