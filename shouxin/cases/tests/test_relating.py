"""What a case has to do with others, what is forgotten, and how all of it is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from shouxin.cases import queries, rules, searching
from shouxin.cases.actions import (
    assign,
    attach,
    change,
    detach,
    link,
    link_customer,
    reply,
    save_draft,
    tag,
    unlink,
    untag,
)  # fmt: skip
from shouxin.cases.facts import __name__ as facts_module
from shouxin.cases.models import Attachment, Case, CaseTag, Draft, Letter, WorkItem
from shouxin.core.audience import Audience
from shouxin.core.drawers import DRAWERS, draw
from shouxin.core.files import FileDamaged, path_of, read, store
from shouxin.core.guards import Refused
from shouxin.customers.actions import Person, register
from shouxin.people.models import Deputy
from shouxin.promises.models import Promise
from shouxin.record.erasing import erase
from shouxin.record.facts import KINDS
from shouxin.record.queries import timeline
from tests.cast import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def case(cast, opened) -> Case:
    return assign(opened("A14"), by=cast.lin, to=cast.lin, at=NOON)


def told(case: Case) -> list:
    return [entry for entry in timeline(case.ref, Audience.STAFF) if not entry.kind.startswith("Promise")]


def test_linking_a_customer_says_how_we_know(cast, case):
    customer = register(Person(name="王雅婷"), by=cast.lin, at=NOON)
    with pytest.raises(Refused):
        link_customer(case, by=cast.lin, customer=customer, reason="", at=LATER)

    link_customer(case, by=cast.lin, customer=customer, reason="核對身分證字號與生日", at=LATER)

    case.refresh_from_db()
    assert (case.customer, case.is_verified) == (customer, True)
    fact = told(case)[0]
    assert (fact.kind, fact.person, fact.content) == (
        "CustomerLinked",
        customer.ref,
        {"reason": "核對身分證字號與生日"},
    )


def test_linked_cases_are_told_and_read_from_both_sides(cast, case, opened):
    other = opened("A14")

    link(case, by=cast.lin, other=other, kind="duplicate", at=LATER)
    link(other, by=cast.lin, other=case, at=LATER)

    assert [found for found, _link in queries.links_of(case, cast.lin)] == [other]
    assert [found for found, _link in queries.links_of(other, cast.lin)] == [case]
    assert (told(case)[0].other, told(other)[0].other) == (str(other.ref), str(case.ref))
    unlink(case, by=cast.lin, other=other, at=LATER)
    assert queries.links_of(case, cast.lin) == []


def test_a_case_is_not_linked_with_itself(cast, case):
    with pytest.raises(Refused):
        link(case, by=cast.lin, other=case, at=LATER)

    assert queries.links_of(case, cast.lin) == []


def test_another_service_brings_its_promises_and_its_queue(cast, case):
    from shouxin.cases.models import Service

    change(case, by=cast.lin, service=Service.objects.get(code="A15"), priority=1, at=LATER)

    rules_owed = set(Promise.objects.about(case.ref).owed().values_list("rule", flat=True))
    assert {"TW-14", "CO-01"} <= rules_owed
    assert len(rules_owed) == Promise.objects.about(case.ref).owed().count()
    item = WorkItem.objects.get()
    assert (item.skill, item.priority) == ("complaint", 1)
    assert told(case)[0].changed == {"service": ["A14", "A15"], "priority": ["3", "1"]}


def test_tags_are_words_and_can_be_taken_away(cast, case):
    found = tag(case, by=cast.lin, name=" 颱風 ", at=LATER)
    tag(case, by=cast.lin, name="颱風", at=LATER)

    assert [each.tag.name for each in case.tags.all()] == ["颱風"]
    untag(case, by=cast.lin, tag=found)
    assert CaseTag.objects.count() == 0


def test_a_deputy_answers_for_an_absent_officer(cast, case):
    Deputy.objects.create(staff=cast.lin, deputy=cast.chen, from_on=NOON.date(), until_on=NOON.date())

    reply(case, by=cast.chen, body="佳穎今天休假,由我回覆您。", at=LATER)

    assert told(case)[0].actor == cast.chen.ref


def test_a_file_waits_like_a_draft_and_goes_with_the_answer(cast, case):
    stored = store("說明".encode(), "說明.txt")
    attachment = attach(case, by=cast.lin, stored=stored, at=NOON)

    touch = reply(case, by=cast.lin, body="附上說明", at=LATER)

    attachment.refresh_from_db()
    assert attachment.touch == touch
    assert read(attachment.checksum) == "說明".encode()
    assert list(Letter.objects.get().attachments.all()) == [attachment]


def test_a_file_that_was_not_sent_can_be_taken_away(cast, case, django_capture_on_commit_callbacks):
    attachment = attach(case, by=cast.lin, stored=store(b"%PDF-1.4 x", "x.pdf"), at=NOON)

    with django_capture_on_commit_callbacks(execute=True):
        detach(attachment, by=cast.lin)

    assert not path_of(attachment.checksum).exists()


def test_erasing_a_person_leaves_nothing_of_theirs(cast, opened, django_capture_on_commit_callbacks):
    customer = register(
        Person(name="歐陽志遠", contacts=(("email", "o.y@example.com"),)), by=cast.lin, at=NOON
    )  # fmt: skip
    file = store(b"%PDF-1.4 secret", "病歷.pdf")
    case = assign(
        opened("A14", customer=customer, body="我的病歷在附件", files=(file,)), by=cast.lin, to=cast.lin, at=NOON
    )
    reply(case, by=cast.lin, body="歐陽先生您好", at=LATER)
    save_draft(case, by=cast.lin, body="歐陽先生")

    with django_capture_on_commit_callbacks(execute=True):
        assert erase(customer.ref, by=cast.admin.ref, reason="個資刪除請求", at=LATER) >= 2

    case.refresh_from_db()
    assert (case.subject, case.claimed_name, case.claimed_phone, case.claimed_email) == ("", "", "", "")
    assert [(each.body, each.is_erased) for each in queries.conversation(case)] == [("", True), ("", True)]
    assert searching.ids(cast.lin, "歐陽", at=LATER) == searching.ids(cast.lin, "病歷", at=LATER) == []
    assert searching.ids(cast.lin, case.number, at=LATER) == [case.pk]
    assert Draft.objects.count() == 0
    assert Letter.objects.get().address == ""
    assert [each.name for each in Attachment.objects.all()] == [""]
    with pytest.raises(FileDamaged):
        read(file.checksum)


def test_erasing_one_touch_leaves_the_words_of_the_others(cast, case):
    reply(case, by=cast.lin, body="您的身分證號碼是笑話", at=LATER)
    reply(case, by=cast.lin, body="更正如下", at=LATER)
    wrong = next(entry for entry in told(case) if "笑話" in entry.content.get("body", ""))

    erase([wrong.id], by=cast.admin.ref, reason="誤寫個資", at=LATER)

    assert searching.ids(cast.lin, "笑話", at=LATER) == []
    assert searching.ids(cast.lin, "更正", at=LATER) == searching.ids(cast.lin, "雅婷", at=LATER) == [case.pk]


def test_every_fact_of_this_room_is_told_in_a_sentence():
    ours = {name for name, kind in KINDS.items() if kind.__module__ == facts_module}

    assert ours - set(DRAWERS) == set()


def test_a_timeline_is_told_in_chinese(cast, case):
    reply(case, by=cast.lin, body="您好", at=LATER)
    link_customer(
        case, by=cast.lin, customer=register(Person(name="王雅婷"), by=cast.lin, at=NOON), reason="核對", at=LATER
    )

    texts = [draw(entry).text for entry in reversed(told(case))]

    assert sorted(texts) == sorted(
        ["受理（網路）：諮詢受理", "客戶來訊（網路）", "指派給 林佳穎", "第一次回覆（電子郵件）", "已確認是哪位客戶"]
    )


def test_a_template_is_filled_in_and_shows_what_is_missing():
    filled = rules.fill("{customer} 您好,案號 {number},{due} 前回覆", {"customer": "王雅婷", "number": "C26-000001"})

    assert filled == "王雅婷 您好,案號 C26-000001,{due} 前回覆"
    assert rules.unknown_placeholders("{customer} {password}") == ["password"]
