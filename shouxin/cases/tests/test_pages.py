"""The desk and the page of a case, as a browser asks for them; every form works with and without htmx."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.models import Case, SavedView, Touch
from shouxin.cases.tests.answering import named
from shouxin.core.clock import local, now
from shouxin.core.templatetags.moment import long_day
from shouxin.jurisdictions.terms import last_day
from shouxin.promises.models import Promise
from shouxin.record.models import FactRow
from tests.cast import TAIPEI

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def mine(cast, opened, client):
    """A case of Lin's, opened two hours ago, and Lin signed in."""
    case = opened(at=now() - timedelta(hours=2))
    actions.assign(case, by=cast.chou, to=cast.lin)
    client.force_login(cast.lin)
    return Case.objects.get(pk=case.pk)


def url(name: str, case: Case, *more) -> str:
    return reverse(f"cases:{name}", args=[case.number, *more])


def test_the_desk_shows_my_cases_with_the_time_left(mine, client):
    page = client.get("/cases/").content.decode()

    assert mine.number in page
    assert 'data-state="running"' in page
    assert "王○婷" in page, "names are masked in lists"


def test_the_same_address_gives_the_list_alone_to_htmx(mine, client):
    answer = client.get("/cases/?of=team", **HTMX)

    assert answer.content.decode().lstrip().startswith('<div id="_case_table"')
    assert "HX-Request" in answer["Vary"]


def test_an_empty_desk_says_how_to_begin(cast, client):
    client.force_login(cast.lin)

    assert "按 N 取下一件" in client.get("/cases/").content.decode()


def test_nonsense_in_the_address_is_left_out(mine, client):
    assert client.get("/cases/?of=x&sort=y&service=Z99&after=W1tb&state=gone").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_asks_no_more_for_three_cases_than_for_one(cast, opened, client, django_assert_num_queries, count):
    for _ in range(count):
        actions.assign(opened(at=now()), by=cast.chou, to=cast.lin)
    client.force_login(cast.lin)
    client.get("/cases/")

    with django_assert_num_queries(12):
        page = client.get("/cases/").content.decode()

    assert page.count("data-row") == count


def test_taking_the_next_leads_to_its_page(cast, opened, client):
    case = opened()
    client.force_login(cast.lin)

    answer = client.post("/cases/next/")

    assert (answer.status_code, answer["Location"]) == (303, url("page", case))
    assert Case.objects.get(pk=case.pk).officer == cast.lin


def test_who_has_no_skills_is_told_so_instead_of_that_nothing_waits(cast, opened, client):
    opened()
    cast.lin.skills.clear()
    client.force_login(cast.lin)
    assert "還沒有設定專長" in client.post("/cases/next/", follow=True).content.decode()


def test_an_answer_is_sent_and_may_promise_something(mine, client):
    until = local(now() + timedelta(days=3)).replace(second=0, microsecond=0)
    said = {"kind": "reply", "body": "王小姐您好:影本就可以。", "given": "callback", "until": f"{until:%Y-%m-%dT%H:%M}"}

    answer = client.post(url("touches", mine), said)

    assert answer.status_code == 303
    assert Touch.objects.filter(case=mine, direction="outbound").count() == 1
    assert Promise.objects.about(mine.ref).get(rule="given-callback").due_at == until
    assert "影本就可以" in client.get(url("page", mine)).content.decode()


def test_an_answer_sent_twice_is_one(mine, client):
    said = {"kind": "reply", "body": "您好", "key": "6a3e8f3e-3f1c-4df4-9d4e-3d2c2e6f1a11"}
    client.post(url("touches", mine), said)
    client.post(url("touches", mine), said)

    assert Touch.objects.filter(case=mine, direction="outbound").count() == 1


def test_an_empty_answer_comes_back_as_the_form_with_what_is_missing(mine, client):
    piece = client.post(url("touches", mine), {"kind": "reply", "body": ""}, **HTMX)
    whole = client.post(url("touches", mine), {"kind": "reply", "body": ""})

    assert (piece.status_code, whole.status_code) == (422, 422)
    assert piece.content.decode().lstrip().startswith('<div id="_composer"')
    assert 'aria-invalid="true"' in whole.content.decode()


def test_a_call_and_a_note_are_written_down(mine, client):
    client.post(url("touches", mine), {"kind": "call", "caller": "customer", "body": "問進度"})
    client.post(url("touches", mine), {"kind": "note", "body": "請先確認正本"})

    assert list(mine.touches.order_by("id").values_list("direction", "channel"))[1:] == [
        ("inbound", "phone"), ("internal", ""),
    ]  # fmt: skip


def test_a_template_is_filled_in_and_kept_as_a_draft(mine, client):
    client.post(url("draft", mine), {"kind": "reply", "body": "您好", "template": "progress", "insert": "1"})

    body = mine.drafts.get().body
    assert body.startswith("您好\n\n王雅婷 您好：")
    assert mine.number in body
    assert "林佳穎" in body
    assert mine.number in client.get(url("page", mine)).content.decode()


def test_a_template_names_the_day_of_the_answer_as_the_clock_does_not_the_nearest_promise(cast, opened, client):
    mine = actions.assign(opened("A15", at=now()), by=cast.lin, to=cast.lin)
    client.force_login(cast.lin)
    client.post(url("draft", mine), {"kind": "reply", "body": "", "template": "progress", "insert": "1"})

    last = last_day(Promise.objects.about(mine.ref).get(rule="TW-14").due_at.astimezone(TAIPEI))
    assert f"最晚 {long_day(last)} 給您答覆" in mine.drafts.get().body
    assert "00:00" not in mine.drafts.get().body


def test_closing_needs_how_it_ended(cast, opened, client):
    mine = actions.assign(opened("A01", at=now()), by=cast.lin, to=cast.lin)
    client.force_login(cast.lin)
    refused = client.post(url("closure", mine), {"reason": ""}, **HTMX)
    assert refused.status_code == 422

    owing = client.post(url("closure", mine), {"reason": "answered", "remark": "已經說明"}, **HTMX)
    assert owing.status_code == 422 and "已經說明" in owing.content.decode()
    assert Case.objects.get(pk=mine.pk).state == "open"
    actions.reply(mine, by=cast.lin, body="您好", keeps=named(mine))
    done = client.post(url("closure", mine), {"reason": "answered"}, **HTMX)

    assert (done.status_code, done["HX-Redirect"]) == (204, url("page", mine))
    assert Case.objects.get(pk=mine.pk).state == "closed"


def test_handing_over_and_back_say_why(mine, cast, client):
    client.post(url("handover", mine), {"to": cast.chen.pk, "reason": "陳柏宏熟悉這張保單"})
    assert Case.objects.get(pk=mine.pk).officer == cast.chen

    refused = client.post(url("return", mine), {"reason": "請假"})
    assert refused.status_code == 403, "it is Chen's now"


def test_a_clock_stands_still_only_for_a_reason_its_rule_knows(mine, client):
    refused = client.post(url("pause", mine), {"reason": "weather", "waiting_for": "雨"})

    assert refused.status_code == 422
    assert not Promise.objects.about(mine.ref).filter(state="paused").exists()


def test_a_request_by_telephone_becomes_a_case(cast, client):
    client.force_login(cast.chang)
    said = {"channel": "phone", "service": "A15", "subject": "理賠進度", "body": "問何時給付", "name": "王雅婷",
            "phone": "0912345417", "branch": cast.taipei.pk}  # fmt: skip

    answer = client.post("/cases/new/", said)

    case = Case.objects.get()
    assert answer["Location"] == url("page", case)
    assert (case.opened_by, case.channel) == (cast.chang, "phone")


def test_a_request_without_a_name_says_what_is_missing(cast, client):
    client.force_login(cast.chang)

    answer = client.post("/cases/new/", {"channel": "phone", "service": "A15", "subject": "x", "body": "y",
                                         "branch": cast.taipei.pk}, **HTMX)  # fmt: skip

    assert answer.status_code == 422
    assert "請選擇客戶，或寫下對方說的姓名。" in answer.content.decode()


def test_a_case_elsewhere_is_not_there_for_the_counter(cast, opened, client):
    case = opened()
    client.force_login(cast.huang)

    assert client.get(url("page", case)).status_code == 404


def test_a_way_of_looking_is_kept_under_a_name(mine, client):
    client.post("/cases/views/", {"name": "理賠", "query": "of=team&service=A15&nonsense=1"})

    view = SavedView.objects.get()
    assert (view.name, view.query) == ("理賠", "of=team&service=A15")
    assert f"?{view.query.replace('&', '&amp;')}" in client.get("/cases/").content.decode()


def test_the_page_of_a_case_lets_its_reader_follow_it(mine, client):
    from shouxin.core.live import allowed

    answer = client.get(url("page", mine))

    cookie = f"live={answer.cookies['live'].value}"
    session = f"sessionid={client.cookies['sessionid'].value}"
    assert allowed(f"{session}; {cookie}", ["case:0", str(mine.ref)]) == {str(mine.ref)}
    assert allowed(cookie, [str(mine.ref)]) == set()


def test_the_composer_offers_what_the_answer_to_a_question_keeps(cast, opened, client):
    case = actions.assign(opened("A14", at=now()), by=cast.lin, to=cast.lin)
    enquiry = Promise.objects.about(case.ref).get(rule="CO-06")
    client.force_login(cast.lin)
    page = client.get(url("page", case)).content.decode()
    assert f'name="keeps" value="{enquiry.pk}" checked>' in page
    assert "checked disabled> 第一次回覆" in page.replace(">第一次", "> 第一次")

    empty = client.post(url("touches", case), {"kind": "reply", "body": ""}, **HTMX)
    assert (empty.status_code, f'value="{enquiry.pk}" checked' in empty.content.decode()) == (422, False)
    client.post(url("touches", case), {"kind": "reply", "body": "每月五日", "keeps": [enquiry.pk]})
    assert set(Promise.objects.about(case.ref).values_list("rule", "state", "act")) == {
        ("CO-01", "kept", "reply"), ("CO-06", "kept", "answer")
    }  # fmt: skip


def test_a_call_that_reached_nobody_is_written_down_from_the_composer(mine, client):
    client.post(url("touches", mine), {"kind": "call", "caller": "missed", "body": "沒有接通"})
    touch = Touch.objects.get(case=mine, channel="phone")
    assert (touch.direction, Case.objects.get(pk=mine.pk).first_replied_at) == ("internal", None)
    assert not Promise.objects.about(mine.ref).filter(state="kept").exists()
    assert "未接通" in client.get(url("page", mine)).content.decode()


def test_the_closing_form_asks_for_each_promise_still_owed(cast, opened, client):
    case = actions.assign(opened("A06", at=now() - timedelta(days=3)), by=cast.lin, to=cast.lin)
    client.force_login(cast.lin)
    told = actions.reply(case, by=cast.lin, body="解約金已匯出")
    owed = Promise.objects.about(case.ref).get(rule="TW-03")
    form = client.get(url("page", case) + "?open=closure").content.decode()
    assert f'name="how_{owed.pk}" value="stays"' in form and "解約金給付" in form

    for how, words in (
        ("", "請說明這項承諾"), ("stays", "案件先不結"), ("done", "請選擇以哪一次"), ("released", "請寫下客戶的話")
    ):  # fmt: skip
        refused = client.post(url("closure", case), {"reason": "granted", "remark": "留著的話", f"how_{owed.pk}": how})
        assert refused.status_code == 422
        assert words in refused.content.decode() and "留著的話" in refused.content.decode()
    assert Case.objects.get(pk=case.pk).is_open

    said = {"reason": "granted", f"how_{owed.pk}": "done", f"touch_{owed.pk}": told.pk}
    done = client.post(url("closure", case), said)
    assert done.status_code == 303
    owed.refresh_from_db()
    assert (owed.state, owed.act, owed.act_fact) == ("kept", "payment", told.fact)


def test_words_after_the_closing_stand_on_the_page_until_they_are_seen_to(cast, opened, client):
    case = actions.assign(opened("A14", at=now()), by=cast.lin, to=cast.lin)
    actions.close(case, by=cast.lin, reason="withdrawn")
    actions.receive(case, body="謝謝你們", channel="web")
    client.force_login(cast.lin)
    assert "客戶在結案後來訊" in client.get(url("page", case)).content.decode()
    assert case.number in client.get("/cases/?of=wrote").content.decode()

    client.post(url("message-seen", case))
    assert "客戶在結案後來訊" not in client.get(url("page", case)).content.decode()
    assert case.number not in client.get("/cases/?of=wrote").content.decode()


def test_the_officer_sees_whom_they_serve_and_it_is_recorded_once_a_day(mine, cast, client):
    seen = [client.get(url("page", mine)).content.decode() for _ in range(2)]
    in_list = client.get("/cases/").content.decode()
    client.force_login(cast.chen)
    others = client.get(url("page", mine)).content.decode()

    assert ['href="tel:0912345417"' in page for page in seen] == [True, True]
    assert "0912345417" not in others + in_list and "王○婷" in in_list
    facts = FactRow.objects.filter(kind="PersonalDataSeen", subject=str(mine.ref))
    assert [fact.actor for fact in facts] == [str(cast.lin.ref)]
