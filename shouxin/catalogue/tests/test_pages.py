"""The catalogue and the replies, kept by a planner in the browser."""

import pytest
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.models import ReplyTemplate, Service
from shouxin.catalogue.queries import history
from shouxin.core.rights import NotAllowed

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
    entry, name = history("ServiceChanged", service="A14")[0]
    assert name == planner.name and entry.data["changed"]["name"] == ["諮詢受理", "諮詢與說明"]
    assert "諮詢與說明" in client.get(url).content.decode()


def test_nothing_changed_is_no_fact(planner, client):
    url = reverse("catalogue:service", args=["A14"])
    client.post(url, filled(client.get(url)))
    assert history("ServiceChanged", service="A14") == []


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
    assert refused.status_code == 422 and "我的名稱" in text and "別人的名稱" in text
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
    assert [entry.data["body"] for entry, _name in history("TemplateWritten", template=row.pk)][-1] == words["body"]


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
