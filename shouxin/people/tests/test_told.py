"""The story of a colleague and of the settings is told in words: no code of ours stands in it."""

import re
from dataclasses import replace
from datetime import date

import pytest

from shouxin.core.audience import Audience
from shouxin.core.drawers import draw
from shouxin.core.refs import Ref
from shouxin.people import actions, organisation
from shouxin.people.models import Company, Function, Post, Skill, Staff, Team
from shouxin.record.queries import timeline
from tests.sending import Client


def told(ref: Ref) -> list[str]:
    """The sentences, the oldest first."""
    return [draw(entry).text for entry in reversed(timeline([ref], Audience.COMPLIANCE))]


def codes() -> set[str]:
    fields = {
        field.name for model in (Staff, Company, Team, Skill) for field in model._meta.fields if "_" in field.name
    }
    coded = {*Skill.objects.values_list("code", flat=True), *Team.objects.values_list("code", flat=True)}
    return {*Post.values, *Function.values, *fields, *coded}


def test_no_sentence_about_a_colleague_holds_a_code(cast):
    fang = actions.join(
        actions.NewStaff("fang", "方雅雯", "CC", date(2026, 11, 2), cast.calls, "fang@example.com"), by=cast.hsu
    )
    actions.change(fang, by=cast.hsu, name="方雅文", joined_on=date(2026, 11, 3))
    actions.set_skills(fang, by=cast.hsu, skills=list(Skill.objects.filter(code="service")))
    actions.set_skills(fang, by=cast.hsu, skills=list(Skill.objects.filter(code__in=["service", "claim"])))
    actions.set_skills(fang, by=cast.hsu, skills=list(Skill.objects.filter(code="service")))
    actions.move(fang, by=cast.hsu, post="EC", team=cast.complaints)
    fang = actions.give_functions(Staff.objects.get(pk=fang.pk), by=cast.admin, functions=["hr"])
    actions.name_deputy(fang, by=None, deputy=cast.lin, from_on=date(2031, 12, 1), until_on=date(2031, 12, 3))
    cast.complaints.leader = fang
    organisation.save_team(cast.complaints, by=cast.admin, changed=["leader"])
    actions.leave(fang, by=cast.admin, on=date(2031, 12, 31))

    sentences = told(fang.ref)

    assert sentences == [
        "到職",
        "資料更新：到職日、姓名",
        "具備技能：一般服務",
        "具備技能：理賠",
        "不再具備技能：理賠",
        "從客服一組（客服中心）調來",
        "給予職能：人力資源；取消：–",
        "設定代理人：2031/12/1(一) 至 2031/12/3(三)",
        "擔任申訴一組的組長",
        "預定最後一天：2031/12/31(三)",
    ]
    said = " ".join(sentences)
    assert [code for code in codes() if re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", said, re.ASCII)] == []


def test_a_setting_is_told_by_the_names_its_form_gives_it(cast):
    organisation.save_setting(cast.company, by=cast.admin, changed=["mail_host", "public_url"])
    organisation.record_setting("company", cast.company.pk, by=cast.admin, changed=["logo"])

    assert told(Ref("company", cast.company.pk)) == [
        "設定變更：公司（郵件伺服器、本站的對外網址）", "設定變更：公司（公司標誌）",
    ]  # fmt: skip


@pytest.mark.parametrize("page", ["/cases/", "/service/"])
def test_the_language_chosen_in_the_menu_or_on_a_public_page_is_the_profile_s(cast, page):
    client = Client()
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")
    answer = client.post("/language/", {"language": "en", "next": page}, follow=True)

    assert (answer.redirect_chain, Staff.objects.get(pk=cast.lin.pk).language) == ([(page, 302)], "en")
    assert '<html lang="en"' in client.get("/cases/").text and '<html lang="en"' in client.get("/service/").text
    client.post("/language/", {"language": "xx", "next": page})
    assert Staff.objects.get(pk=cast.lin.pk).language == "en"


def test_signing_out_stands_last_in_the_menu_below_the_languages(cast):
    client = Client()
    client.force_login(cast.admin, backend="shouxin.people.backends.StaffBackend")
    menu = client.get("/cases/").text.partition('class="menu-list"')[2].partition("</details>")[0]
    marks = ["個人設定", "服務目錄", ">語言<", "繁體中文", "登出"]
    places = [menu.index(mark) for mark in marks]
    assert places == sorted(places)


def test_a_password_link_from_before_it_said_whether_it_was_mailed_is_told(cast):
    actions.password_link(cast.lin, by=cast.admin)
    entry = timeline([cast.lin.ref], Audience.HR)[0]

    assert draw(replace(entry, data={})).text == "取得設定新密碼的連結"
