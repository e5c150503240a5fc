"""The composer keeps what is written and chosen, as the kind it was meant for."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shouxin.cases import actions
from shouxin.cases.models import Attachment, Case, Draft, ReplyTemplate, Touch
from shouxin.core.clock import local, now
from shouxin.jurisdictions.packs import pack
from shouxin.promises.actions import make

HTMX = {"HTTP_HX_REQUEST": "true"}
INSIDE = "內部：先不要告訴客戶"


def said(**more) -> dict:
    return {"kind": "reply", "caller": "us", "body": "內容"} | more


EACH_KIND = [said(kind="note"), said(kind="call", caller="customer"), said(kind="call"), said()]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mine(cast, opened, client):
    """A case of Lin's, and Lin signed in."""
    case = opened(at=now() - timedelta(hours=2))
    actions.assign(case, by=cast.chou, to=cast.lin)
    client.force_login(cast.lin)
    return Case.objects.get(pk=case.pk)


def url(name: str, case: Case, *more) -> str:
    return reverse(f"cases:{name}", args=[case.number, *more])


def file(name: str = "逐字稿.txt", content: bytes = b"123") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def waiting(case: Case) -> list[str]:
    return [each.name for each in Attachment.objects.filter(case=case, touch=None).order_by("pk")]


@pytest.mark.parametrize("written", EACH_KIND)
@pytest.mark.parametrize("saved_as", ["reply", "note", "call"])
def test_what_was_sent_never_comes_back_to_be_sent_again(mine, client, written, saved_as):
    client.post(url("draft", mine), {"body": INSIDE, "kind": saved_as})

    client.post(url("touches", mine), written | {"body": INSIDE})

    assert list(Draft.objects.all()) == []
    composer = client.get(url("page", mine)).content.decode().split('id="composer"')[1]
    assert INSIDE not in composer.split("</textarea>")[0]


@pytest.mark.parametrize("kind", ["reply", "note", "call"])
def test_a_draft_comes_back_as_the_kind_chosen_last(mine, client, kind):
    for each in ("reply", "note", "call", kind):
        client.post(url("draft", mine), {"body": INSIDE, "kind": each})

    page = client.get(url("page", mine)).content.decode()

    assert [draft.kind for draft in Draft.objects.all()] == [kind]
    assert f'name="kind" value="{kind}" checked' in page


def test_a_draft_of_somebody_else_outlives_the_closing(cast, opened):
    mine = opened("A09")
    actions.assign(mine, by=cast.chou, to=cast.lin)
    actions.save_draft(mine, by=cast.chou, body="主管的話")
    actions.save_draft(mine, by=cast.lin, body="我的話")

    actions.close(mine, by=cast.lin, reason="duplicate")

    assert [draft.body for draft in Draft.objects.all()] == ["主管的話"]


@pytest.mark.parametrize("written", EACH_KIND)
def test_files_stay_with_whatever_was_written(mine, client, written):
    client.post(url("touches", mine), written | {"files": file()})

    kept = [(each.name, each.touch_id) for each in Attachment.objects.all()]
    assert kept == [("逐字稿.txt", Touch.objects.latest("pk").pk)]


@pytest.mark.parametrize("caller", ["us", "customer"])
def test_a_promise_given_on_the_telephone_is_made_whoever_called(mine, client, caller):
    until = f"{local(now() + timedelta(days=2)):%Y-%m-%dT10:00}"

    answer = client.post(url("touches", mine), said(kind="call", caller=caller, given="callback", until=until))

    assert answer.status_code == 303
    page = client.get(url("page", mine)).content.decode()
    assert page.count("回電給您") > page.split("</form>", 1)[0].count("回電給您")


def test_a_note_promises_nothing_and_says_so(mine, client):
    until = f"{local(now() + timedelta(days=2)):%Y-%m-%dT10:00}"

    answer = client.post(url("touches", mine), said(kind="note", given="callback", until=until))

    assert answer.status_code == 422
    assert "備註不會給客戶承諾" in answer.content.decode()


@pytest.mark.parametrize("until", ["2206-11-24T10:00", "9999-12-31T10:00", "0001-01-01T10:00", "2151-01-01T00:00"])
def test_a_mistyped_year_is_told_and_the_words_are_kept(mine, client, until):
    answer = client.post(url("touches", mine), said(body="很長的回覆", given="callback", until=until))

    assert answer.status_code == 422
    assert "很長的回覆" in answer.content.decode()


def test_chosen_files_outlive_a_draft_and_an_error_and_go_out_once(mine, client):
    client.post(url("draft", mine), {"body": "回覆", "kind": "reply", "insert": "1", "files": file("一.txt", b"1")})
    client.post(url("touches", mine), said(body="", files=file("二.txt", b"2")), **HTMX)
    assert waiting(mine) == ["一.txt", "二.txt"]
    assert "二.txt" in client.get(url("page", mine)).content.decode()

    client.post(url("touches", mine), said())

    assert waiting(mine) == []
    assert Touch.objects.latest("pk").attachments.count() == 2


def test_a_chosen_file_is_kept_at_once_and_can_be_taken_out(mine, client):
    chosen = {"files": [file("一.txt", b"1"), file("二.exe", b"MZ" + b"0" * 80)]}
    page = client.post(url("files", mine), chosen, **HTMX)

    assert page.status_code == 422
    assert "一.txt" in page.content.decode() and "可以上傳的檔案" in page.content.decode()
    client.post(url("file-removal", mine, Attachment.objects.get().pk), {"body": INSIDE, "kind": "note"})
    assert waiting(mine) == []
    assert [(draft.kind, draft.body) for draft in Draft.objects.all()] == [("note", INSIDE)]


def test_an_odd_file_keeps_the_answer_and_the_good_files(mine, client):
    chosen = [file("好.txt"), file("a.exe", b"MZ" + b"0" * 80)]

    answer = client.post(url("touches", mine), said(body="很長的回覆", files=chosen))

    assert answer.status_code == 422
    assert "很長的回覆" in answer.content.decode() and "a.exe" in answer.content.decode()
    assert waiting(mine) == ["好.txt"]
    assert not Touch.objects.filter(direction="outbound").exists()


@pytest.mark.parametrize("headers", [HTMX, {"HTTP_X_REQUESTED_WITH": "fetch"}, {}])
@pytest.mark.parametrize("name", ["draft", "touches"])
def test_an_ended_session_says_not_saved_and_keeps_the_words(mine, client, headers, name):
    client.logout()

    answer = client.post(url(name, mine), said(body="二十分鐘的話"), **headers)

    assert answer.status_code == 401
    assert answer["X-Signed-Out"] == "1"
    text = answer.content.decode()
    assert ("<html" in text) == (not headers)
    assert "還沒有儲存" in text
    assert bool(headers) or "二十分鐘的話" in text


def test_the_composer_says_whom_a_reply_reaches(mine, client):
    assert "以電子郵件寄給 王雅婷（ya.ting@example.com）" in client.get(url("page", mine)).content.decode()
    Case.objects.filter(pk=mine.pk).update(claimed_email="")

    assert "這則回覆不會自動送到" in client.get(url("page", mine)).content.decode()


@pytest.mark.parametrize("body", ["a\x00b", "字" * 20001])
def test_a_draft_that_can_not_be_kept_says_so(mine, client, body):
    assert client.post(url("draft", mine), {"body": body, "kind": "reply"}).status_code == 422


def test_inserting_a_template_keeps_what_was_chosen(mine, client):
    """With a script the composer comes back, without one the page: the promise, its day and the ticks stand in both."""
    until = f"{local(now() + timedelta(days=2)):%Y-%m-%dT10:00}"
    template = ReplyTemplate.objects.filter(language="zh-hant", services=None).first().code
    chosen = said(kind="call", caller="missed", given="callback", until=until, template=template, insert="1")

    answer = client.post(url("draft", mine), chosen)
    pages = [client.post(url("draft", mine), chosen, **HTMX), client.get(answer["Location"])]

    for page in pages:
        composer = page.content.decode().split('id="composer"')[1]
        assert 'name="kind" value="call" checked' in composer
        assert 'name="caller" value="missed" checked' in composer
        assert '<option value="callback" selected>' in composer
        assert f'name="until" value="{until}"' in composer


@pytest.mark.parametrize("ticked", [[], ["the answer"]])
def test_the_ticks_of_what_a_reply_keeps_survive_a_template(mine, client, ticked):
    """One that is ticked by itself stays unticked once the officer unticked it, and the other way round."""
    promise = make(
        pack("company").rule("CO-06"), subject=mine.ref, start_at=now() - timedelta(hours=1), calendar_key="TW:台北市"
    )
    keeps = [str(promise.pk) for _each in ticked]

    composer = client.post(url("draft", mine), said(insert="1", keeps=keeps), **HTMX).content.decode()

    assert (f'name="keeps" value="{promise.pk}" checked' in composer) is bool(ticked)
    assert f'name="keeps" value="{promise.pk}"' in composer
