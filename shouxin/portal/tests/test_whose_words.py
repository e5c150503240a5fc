"""The customer reads what staff wrote down for them as that, and never what staff noted among themselves."""

from django.urls import reverse

from shouxin.cases.actions import assign, note, open_case, receive, reply
from shouxin.cases.models import Attachment, Case, Service, Touch
from shouxin.cases.queries import body_of
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.core.files import path_of, store
from shouxin.portal.rules import secret_of

INTAKE = {
    "channel": "counter", "service": "A15", "subject": "改地址", "body": "我搬家了。", "name": "王雅婷",
    "phone": "0912345417", "note": "很生氣，說寄錯三次。",
}  # fmt: skip


def unlocked(client, case: Case) -> str:
    """The customer's page, opened with the last four digits."""
    address = f"/follow/{case.number}/{secret_of(case)}/"
    client.post(f"{address}unlocking/", {"answer": "5417"})
    return client.get(address).content.decode()


def test_what_staff_wrote_down_is_told_as_that_and_their_note_to_nobody_outside(cast, client):
    client.force_login(cast.huang)
    client.post("/cases/new/", INTAKE | {"branch": cast.tainan.pk})
    case = Case.objects.get()
    staff_page = client.get(reverse("cases:page", args=[case.number])).content.decode()
    client.logout()
    page = unlocked(client, case)

    assert ("我搬家了。" in page, "我們記下您說的話（櫃面）" in page, '<p class="small calm">您 ·' in page) == (
        True,
        True,
        False,
    )
    assert "很生氣" not in page and "很生氣，說寄錯三次。" in staff_page and "櫃面・黃國榮 代為記下" in staff_page
    assert [(t.direction, t.by, body_of(t)) for t in Touch.objects.order_by("id")] == [
        ("inbound", None, "我搬家了。"), ("internal", cast.huang, "很生氣，說寄錯三次。"),
    ]  # fmt: skip
    assert case.touch_count == 2


def test_a_call_written_down_later_is_told_so_too_and_what_the_customer_wrote_is_theirs(cast, client):
    asked = open_case(
        by=None, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週沒有下文。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912-345-417"), at=now(),
    )  # fmt: skip
    case = assign(asked, by=cast.lin, to=cast.lin)
    receive(case, body="我再說一次。", channel="phone", by=cast.lin)

    page = unlocked(client, case)

    assert (page.count("我們記下您說的話（電話）"), page.count('<p class="small calm">您 ·')) == (1, 1)


def test_what_was_sent_can_be_opened_once_unlocked_and_nothing_else(cast, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    asked = open_case(
        by=None, service=Service.objects.get(pk="A15"), channel="web", subject="理賠遲延", body="等了三週沒有下文。",
        branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912-345-417"), at=now(),
    )  # fmt: skip
    case = assign(asked, by=cast.lin, to=cast.lin)
    reply(case, by=cast.lin, body="附上確認函", files=(store(b"%PDF-1.4 letter", "確認函(2).pdf"),))
    note(case, by=cast.lin, body="內部", files=(store(b"%PDF-1.4 inside", "內部.pdf"),))
    sent, inside = Attachment.objects.order_by("pk")
    address = f"/follow/{case.number}/{secret_of(case)}/"
    locked = client.get(f"{address}files/{sent.pk}/")
    page = unlocked(client, case)
    opened = client.get(f"{address}files/{sent.pk}/")

    assert (locked.status_code, locked["Location"]) == (303, f"{address}#unlock")
    assert f'<a href="{address}files/{sent.pk}/">確認函(2).pdf</a>' in page and "內部.pdf" not in page
    assert (opened.status_code, b"".join(opened.streaming_content)) == (200, b"%PDF-1.4 letter")
    assert client.get(f"{address}files/{inside.pk}/").status_code == 404
    path_of(sent.checksum).write_bytes(b"another")
    assert client.get(f"{address}files/{sent.pk}/").status_code == 404
    assert list(Attachment.objects.damaged()) == [sent], "who watches is told"
    client.force_login(cast.lin)
    assert client.get(f"{address}files/{sent.pk}/").status_code == 303
