"""The catalogue and the replies, kept by a planner in the browser."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.actions import open_case
from shouxin.cases.facts import ServiceChanged
from shouxin.cases.forms import KindForm
from shouxin.cases.models import ReplyTemplate, Service
from shouxin.cases.rules import Claimant
from shouxin.catalogue.papers import PaperLine, paper_in
from shouxin.catalogue.queries import AT_ONCE, HOUSE, changed_by_hand, history, versions
from shouxin.core.audience import Audience
from shouxin.core.drawers import draw
from shouxin.core.rights import NotAllowed
from shouxin.jurisdictions.packs import packs
from shouxin.record.queries import timeline
from shouxin.record.recording import record
from tests.cast import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(cast, client):
    client.force_login(cast.admin)
    return cast.admin


def filled(page) -> dict:
    """What the form of the page would send as it stands."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def test_a_planner_changes_a_service_and_the_change_is_a_fact(planner, client):
    url = reverse("catalogue:service", args=["A14"])
    sent = filled(client.get(url)) | {"name": "諮詢與說明", "papers": "身分證明文件\n新的說明書 | New leaflet"}
    assert client.post(url, sent).status_code == 303

    service = Service.objects.get(pk="A14")
    assert service.name == "諮詢與說明"
    assert [each["name_en"] for each in service.papers] == ["Proof of identity", "New leaflet"]
    entry, name = history("ServiceChanged", service="A14").rows[0]
    assert name == planner.name and entry.data["changed"]["name"] == ["諮詢受理", "諮詢與說明"]
    assert "諮詢與說明" in client.get(url).content.decode()


def test_a_paper_is_marked_as_needed_only_where_it_applies(planner, client):
    url = reverse("catalogue:service", args=["A14"])
    lines = "身分證明文件 | | 若適用\n健康聲明書\n診斷書 | Medical certificate | 必附"
    client.post(url, filled(client.get(url)) | {"papers": lines})

    service = Service.objects.get(pk="A14")
    assert [(each["code"], each.get("is_optional")) for each in service.papers] == [
        ("id", True), ("health", None), ("diagnosis", None),
    ]  # fmt: skip
    assert "身分證明文件 | Proof of identity | 若適用\n健康聲明書 | Health statement" in client.get(url).text
    assert "身分證明文件（若適用）、健康聲明書" in client.get(url).text
    assert "若適用" in client.get(reverse("catalogue:services")).text


@pytest.mark.parametrize("line", ["診斷書 | x | 也許", " | Medical certificate", "診斷書 | x | 必附 | 更多", "長" * 81])
def test_a_line_that_is_no_paper_is_said_to_be_none(planner, client, line):
    url = reverse("catalogue:service", args=["A14"])

    refused = client.post(url, filled(client.get(url)) | {"papers": line})
    assert refused.status_code == 422 and "請寫成：文件名稱" in refused.text


@pytest.mark.parametrize("word", ["若適用", "若适用", "If it applies", "optional"])
def test_the_mark_is_read_in_each_language(word):
    assert paper_in(f"診斷書｜Medical certificate｜{word}") == PaperLine("診斷書", "Medical certificate", True)


def test_whichever_service_is_saved_unchanged_says_what_it_said(planner, client):
    for service in Service.objects.all():
        url = reverse("catalogue:service", args=[service.pk])
        assert client.post(url, filled(client.get(url))).status_code == 303

    assert history("ServiceChanged").rows == []


def test_a_service_switched_off_is_no_longer_chosen_at_intake(planner, client, cast):
    url = reverse("catalogue:service", args=["A14"])
    sent = filled(client.get(url))
    sent.pop("is_offered")
    client.post(url, sent)
    client.force_login(cast.lin)
    assert 'value="A14"' not in client.get("/cases/new/").content.decode()


def test_the_second_of_two_is_told_and_loses_nothing(planner, client):
    url = reverse("catalogue:service", args=["A14"])
    mine = filled(client.get(url)) | {"name": "我的名稱"}
    client.post(url, filled(client.get(url)) | {"name": "別人的名稱"})

    refused = client.post(url, mine)
    text = refused.content.decode()
    assert refused.status_code == 422 and "我的名稱" in text
    assert refused.context["form"].now == [("服務名稱", "別人的名稱")]
    assert Service.objects.get(pk="A14").name == "別人的名稱"
    client.post(url, mine | {"seen": refused.context["form"]["seen"].value()})
    assert Service.objects.get(pk="A14").name == "我的名稱"


def test_a_reply_is_written_shown_changed_and_retired(planner, client):
    new = reverse("catalogue:template-new")
    words = {
        "title": "謝謝您",
        "body": "{customer} 您好：謝謝您。\n{officer}",
        "language": "zh-hant",
        "is_offered": "on",
    }
    shown = client.post(new, words | {"preview": "1"}).content.decode()
    assert "王淑婷 您好" in shown and not ReplyTemplate.objects.filter(title="謝謝您").exists()

    client.post(new, words | {"services": ["A14", "A15"]})
    row = ReplyTemplate.objects.get(title="謝謝您")
    assert sorted(row.services.values_list("pk", flat=True)) == ["A14", "A15"]

    url = reverse("catalogue:template", args=[row.pk])
    sent = filled(client.get(url)) | {"body": "{customer} 您好：非常謝謝您。"}
    sent.pop("is_offered")
    client.post(url, sent)
    row.refresh_from_db()
    assert (row.is_offered, row.body) == (False, "{customer} 您好：非常謝謝您。")
    assert [entry.data["said"]["body"] for entry, _name in history("TemplateWritten", template=row.pk)][-1] == words[
        "body"
    ]


def test_however_much_else_was_changed_the_earliest_change_is_found(planner, client):
    first = Service.objects.get(pk="A14")
    actions.change_service("A14", {"name": "最早的名稱"}, by=planner, seen=actions.edition(first), at=NOON)
    others = [ServiceChanged(subject=HOUSE, actor=planner.ref, service="A01", changed={"name": ["舊", "新"]})] * 2100
    record(*others, at=NOON + timedelta(days=1))
    for number in range(AT_ONCE):
        row = Service.objects.get(pk="A14")
        at = NOON + timedelta(days=2, minutes=number // 2)
        actions.change_service("A14", {"name": f"第{number}個名稱"}, by=planner, seen=actions.edition(row), at=at)

    url = reverse("catalogue:service", args=["A14"])
    page = client.get(url)
    assert len(page.context["history"]) == AT_ONCE and "→ 最早的名稱" not in page.text
    earlier = client.get(url, {"after": page.context["past"].next})
    assert [changes for _entry, _name, changes in earlier.context["history"]] == [
        [("服務名稱", "諮詢受理", "最早的名稱")]
    ]
    assert not earlier.context["past"].next
    assert changed_by_hand() == {"A01", "A14"}


def test_the_versions_of_a_reply_go_on_to_the_one_it_came_with(planner, client):
    row = ReplyTemplate.objects.get(code="received")
    original, values = row.body, actions.said(row)
    for number in range(AT_ONCE + 1):
        body = {"body": f"第{number}版"}
        row.refresh_from_db()
        actions.write_template(values | body, by=planner, number=row.pk, seen=actions.edition(row))

    url = reverse("catalogue:template", args=[row.pk])
    page = client.get(url)
    assert "最初的內容" not in page.text
    earlier = client.get(url, {"after": page.context["versions"].next})
    assert [said["body"] for _at, _name, said in earlier.context["versions"]] == ["第0版", original]
    assert "最初的內容" in earlier.text


@pytest.mark.parametrize("mark", ["e30", "?", "WyJ4IiwgMV0", "WzEsIDJd"])
def test_a_mark_of_a_page_that_nobody_gave_begins_anew(planner, client, mark):
    row = Service.objects.get(pk="A14")
    actions.change_service("A14", {"name": "別的名稱"}, by=planner, seen=actions.edition(row))

    page = client.get(reverse("catalogue:service", args=["A14"]), {"after": mark})
    assert [name for _entry, name, _changes in page.context["history"]] == [planner.name]


def test_an_unknown_placeholder_is_named_with_those_there_are(planner, client):
    page = client.post(
        reverse("catalogue:template-new"), {"title": "x", "body": "{costumer} 您好", "language": "zh-hant"}
    )
    assert page.status_code == 422
    assert "{costumer}" in page.content.decode() and "{customer}" in page.content.decode()


def test_replies_are_found_by_words_in_title_and_text(planner, client):
    text = client.get(reverse("catalogue:templates"), {"q": "一次列給您"}).content.decode()
    assert text.count("data-row") == 1
    assert "data-row" not in client.get(reverse("catalogue:templates"), {"q": "沒有這句話"}).content.decode()


def test_who_may_not_change_the_catalogue_is_refused_whatever_way(cast, client):
    client.force_login(cast.lin)
    assert client.get(reverse("catalogue:services")).status_code == 403
    service = Service.objects.get(pk="A14")
    with pytest.raises(NotAllowed):
        actions.change_service("A14", {"name": "x"}, by=cast.lin, seen=actions.edition(service))
    with pytest.raises(NotAllowed):
        actions.write_template({"title": "x", "body": "y", "language": "en", "services": []}, by=cast.lin)


def test_the_menu_and_the_settings_lead_there(planner, client):
    assert reverse("catalogue:templates") in client.get(reverse("people:settings")).content.decode()


def test_the_words_a_reply_came_with_stay_readable_after_a_change(planner, client):
    row = ReplyTemplate.objects.get(code="received")
    original = row.body
    url = reverse("catalogue:template", args=[row.pk])
    client.post(url, filled(client.get(url)) | {"body": "{customer} 您好：收到了。"})

    assert [said["body"].strip() for _at, _name, said in versions(row.pk)] == [
        "{customer} 您好：收到了。",
        original.strip(),
    ]
    assert "最初的內容" in client.get(url).text


def test_a_retired_reply_and_one_for_another_service_are_found_by_their_filters(planner, client):
    words = {"body": "{customer} 您好", "language": "en", "services": ["A15"], "is_offered": False}
    actions.write_template(words | {"title": "停用的"}, by=planner)
    url = reverse("catalogue:templates")

    assert [each.title for each in client.get(url, {"state": "retired"}).context["found"]] == ["停用的"]
    assert [each.title for each in client.get(url, {"service": "A15", "language": "en"}).context["found"]] == ["停用的"]
    assert list(client.get(url, {"service": "A14", "language": "en"}).context["found"]) == []


def test_an_english_reply_is_shown_filled_in_in_english(planner, client):
    sent = {"title": "Thanks", "body": "Dear {customer}: {papers}", "language": "en", "preview": "1"}

    shown = client.post(reverse("catalogue:template-new"), sent)
    assert shown.context["preview"] == "Dear Wang Shu-ting: · Medical certificate\n· Original receipts"


def test_an_open_case_keeps_a_service_that_was_switched_off(planner, cast):
    service = Service.objects.get(pk="A14")
    case = open_case(
        by=None, at=NOON, service=service, channel="web", subject="問", body="問", branch=cast.taipei,
        claimant=Claimant(name="王雅婷"),
    )  # fmt: skip
    other = open_case(
        by=None, at=NOON, service=Service.objects.get(pk="A01"), channel="web", subject="問", body="問",
        branch=cast.taipei, claimant=Claimant(name="王雅婷"),
    )  # fmt: skip
    actions.change_service("A14", {"is_offered": False}, by=planner, seen=actions.edition(service))

    told = {"service": "A14", "priority": "1", "seen": KindForm(case=case, by=cast.lin).version}
    form = KindForm(told, case=case, by=cast.lin)
    assert form.is_valid() and form.cleaned_data["service"] == service
    assert "service" in KindForm(told, case=other, by=cast.lin).errors


def test_loading_the_catalogue_again_leaves_what_was_changed_by_hand(planner):
    service = Service.objects.get(pk="A14")
    actions.change_service("A14", {"name": "諮詢與說明"}, by=planner, seen=actions.edition(service))
    Service.objects.filter(pk="A01").update(name="舊")
    call_command("load_catalogue", stdout=StringIO())

    names = dict(Service.objects.filter(pk__in=("A01", "A14")).values_list("pk", "name"))
    assert names["A14"] == "諮詢與說明" and names["A01"] != "舊"


def test_every_subject_of_the_catalogue_is_one_that_some_rule_is_about(planner):
    ruled = {rule.subject for each in packs() for rule in each.rules}
    named = {subject for service in Service.objects.all() for subject in service.promise_subjects}
    assert named and named <= ruled


def test_both_facts_are_told_in_a_sentence(planner, client):
    url = reverse("catalogue:service", args=["A14"])
    client.post(url, filled(client.get(url)) | {"name": "諮詢與說明"})
    client.post(reverse("catalogue:template-new"), {"title": "謝謝您", "body": "謝謝您。", "language": "zh-hant"})
    told = [draw(entry).text for entry in timeline(HOUSE, Audience.STAFF)]
    assert told == ["寫了回覆範本「謝謝您」", "服務 A14 有變更"]
