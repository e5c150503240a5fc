"""Whose turn it is once the customer has sent files: a clock that waits for documents does not stand still for ever."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouxin.cases.actions import assign, paper_received, receive, request_papers
from shouxin.cases.checking import cases_to_check, to_check
from shouxin.cases.models import Case
from shouxin.core.files import store
from shouxin.jurisdictions.packs import pack
from shouxin.promises.actions import make
from shouxin.promises.models import Promise
from tests.cast import NOON

ASKED, CAME = NOON + timedelta(hours=1), NOON + timedelta(days=2)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(cast, opened) -> Case:
    """Lin has asked for two documents; the decision, promised by the company, stands still."""
    opened = assign(opened("A10"), by=cast.chou, to=cast.lin, at=NOON)
    make(pack("company").rule("CO-08"), subject=opened.ref, start_at=NOON, calendar_key="TW:台北市", dims=opened.dims())
    request_papers(opened, by=cast.lin, papers=["診斷書正本", "收據正本"], body="請補件。", at=ASKED)
    assert state() == "paused"
    return Case.objects.get(pk=opened.pk)


def state() -> str:
    return Promise.objects.get(rule="CO-08").state


def sends(case: Case, *names: str, at=CAME) -> None:
    receive(case, body="補件", channel="web", at=at, files=tuple(store(name.encode(), f"{name}.txt") for name in names))


def test_a_file_for_each_document_lets_the_clock_run_from_that_instant(case):
    sends(case, "診斷書", "收據")

    assert state() == "running"
    assert Promise.objects.get(rule="CO-08").pauses.get().resumed_at == CAME


def test_two_messages_with_one_file_each_are_two_files(case):
    sends(case, "診斷書")
    assert state() == "paused"
    sends(case, "收據", at=CAME + timedelta(hours=3))

    assert Promise.objects.get(rule="CO-08").pauses.get().resumed_at == CAME + timedelta(hours=3)


def test_words_without_a_file_are_no_document(case):
    sends(case)

    assert (state(), to_check(case)) == ("paused", [])


def test_with_fewer_files_the_officer_looks_and_decides(cast, case, client):
    sends(case, "診斷書")

    assert [file.name for file in to_check(case)] == ["診斷書.txt"]
    assert list(cases_to_check(cast.lin)) == [case] and list(cases_to_check(cast.chen)) == []
    client.force_login(cast.lin)
    page = client.get(reverse("cases:page", args=[case.number])).content.decode()
    told = page.split('id="to-check"')[1].split("</div>")[0]
    assert "診斷書.txt" in told and "在您檢查之前期限仍暫停" in told
    assert case.number in client.get(reverse("front:today")).content.decode().split("請檢查文件")[1]


def test_what_was_ticked_was_looked_at(cast, case):
    sends(case, "診斷書")
    code = case.papers.get(title="診斷書正本").code

    paper_received(case, paper=code, by=cast.lin, at=CAME + timedelta(hours=1))

    assert (to_check(case), list(cases_to_check(cast.lin)), state()) == ([], [], "paused")
    sends(case, "收據", at=CAME + timedelta(hours=2))
    assert state() == "running"


def test_a_file_sent_before_we_asked_is_none_of_those_we_asked_for(cast, opened):
    early = assign(opened("A10", files=(store(b"1", "early.txt"),)), by=cast.chou, to=cast.lin, at=NOON)
    request_papers(early, by=cast.lin, papers=["收據正本"], body="請補件。", at=ASKED)

    assert to_check(Case.objects.get(pk=early.pk)) == []


def _tick(case: Case, cast, *titles: str, at) -> None:
    for title in titles:
        paper_received(case, paper=case.papers.get(title=title).code, by=cast.lin, at=at)


def test_documents_ticked_late_count_from_the_day_they_came(cast, case):
    sends(case, "兩件都在這裡")

    _tick(case, cast, "診斷書正本", "收據正本", at=CAME + timedelta(days=6))

    assert Promise.objects.get(rule="CO-08").pauses.get().resumed_at == CAME
    assert Promise.objects.about(case.ref).get(rule="TW-01").start_at == CAME


def test_a_document_left_open_by_who_looked_came_when_it_was_ticked(cast, case):
    sends(case, "診斷書")
    _tick(case, cast, "診斷書正本", at=CAME + timedelta(hours=1))

    _tick(case, cast, "收據正本", at=CAME + timedelta(days=6))

    assert Promise.objects.about(case.ref).get(rule="TW-01").start_at == CAME + timedelta(days=6)
