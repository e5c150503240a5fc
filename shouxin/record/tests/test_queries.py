from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from django.db import connection

from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.record.queries import entries_of, entry_of, facts_valid, timeline, timeline_of_person, told_of
from shouxin.record.recording import correct
from shouxin.record.tests.samples import (
    AT,
    CASE,
    LIN,
    WANG,
    LetterShown,
    LetterWritten,
    MachineNoted,
    SuspicionNoted,
    TalkHeld,
    written,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def _kinds(entries) -> set[str]:
    return {entry.kind for entry in entries}


def _count(relation: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {relation}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("audience", "viewer", "readable"),
    [
        (Audience.CUSTOMER, None, {"LetterShown"}),
        (Audience.STAFF, None, {"LetterShown", "LetterWritten"}),
        (Audience.COMPLIANCE, None, {"LetterShown", "LetterWritten", "SuspicionNoted"}),
        (Audience.HR, None, {"LetterShown", "LetterWritten", "TalkHeld"}),
        (Audience.PERSON, LIN, {"LetterShown", "LetterWritten", "TalkHeld"}),
        (Audience.PERSON, Ref("staff", 13), {"LetterShown", "LetterWritten"}),
        (Audience.PERSON, None, {"LetterShown", "LetterWritten"}),
        (Audience.NOBODY, None, set()),
    ],
)
def test_every_reader_sees_exactly_what_its_audience_may_read(audience, viewer, readable):
    ids = []
    for fact in (LetterWritten, LetterShown, SuspicionNoted, TalkHeld, MachineNoted):
        ids += written(fact(subject=LIN, person=WANG))
    assert _kinds(timeline(LIN, audience, viewer=viewer)) == readable
    assert _kinds(timeline_of_person(WANG, audience, viewer=viewer)) == readable
    assert _kinds(entries_of(ids, audience, viewer=viewer)) == readable
    assert {entry.kind for i in ids if (entry := entry_of(i, audience, viewer=viewer))} == readable


def test_a_timeline_tells_both_instants_the_content_and_the_facts_own_fields():
    written(LetterWritten(subject=CASE, actor=LIN, channel="mail", pages=3), content={"body": "王小姐您好"})
    entry = timeline(CASE, Audience.STAFF)[0]
    assert (entry.happened_at, entry.actor, entry.channel, entry.pages) == (AT, LIN, "mail", 3)
    assert entry.content == {"body": "王小姐您好"}
    assert not entry.is_erased
    with pytest.raises(AttributeError):
        entry.colour  # noqa: B018


def test_an_entry_knows_whether_it_was_recorded_long_after_it_happened():
    written(at=now() - timedelta(seconds=30))
    written(at=now() - timedelta(hours=2))
    assert [entry.has_two_times for entry in timeline(CASE, Audience.STAFF)] == [False, True]


def test_a_timeline_reads_on_where_the_last_page_ended():
    ids = [written(at=AT + timedelta(minutes=n // 2))[0] for n in range(7)]
    first = timeline(CASE, Audience.STAFF, limit=4)
    second = timeline(CASE, Audience.STAFF, limit=4, before=first[-1].place)
    assert [entry.id for entry in first + second] == ids[::-1]


def test_facts_of_one_kind_are_told_page_by_page_by_what_they_say():
    house = Ref("company", 1)
    said = [(1, "A14"), (2, "A14"), (2, "A15"), (2, "A14")]
    ids = [written(LetterWritten(subject=house, pages=pages, service=service))[0] for pages, service in said]
    written(LetterShown(subject=house, service="A14"))
    about = {"pages": 2, "service": "A14"}

    first = told_of(house, "LetterWritten", Audience.STAFF, limit=1, **about)
    second = told_of(house, "LetterWritten", Audience.STAFF, before=first[-1].place, **about)
    assert [entry.id for entry in first + second] == [ids[3], ids[1]]
    assert told_of(house, "LetterWritten", Audience.CUSTOMER) == []


def test_a_corrected_fact_is_marked_for_staff_and_hidden_from_the_customer():
    wrong = written(LetterShown(subject=CASE, channel="mail"))[0]
    right = correct(wrong, LetterShown(subject=CASE, channel="post"), by=LIN, reason="另一個管道")
    assert [(e.id, e.is_corrected) for e in timeline(CASE, Audience.STAFF)] == [(right, False), (wrong, True)]
    assert [e.id for e in timeline(CASE, Audience.CUSTOMER)] == [right]
    correct(right, None, by=LIN, reason="沒有這件事")
    assert timeline(CASE, Audience.CUSTOMER) == []


def test_a_correction_that_a_reader_may_not_read_does_not_show_by_what_it_strikes_out():
    plain = written(LetterWritten(subject=CASE))[0]
    correct(plain, SuspicionNoted(subject=CASE), by=LIN, reason="")
    assert [(e.id, e.is_corrected) for e in timeline(CASE, Audience.STAFF)] == [(plain, False)]
    assert {e.id: e.is_corrected for e in timeline(CASE, Audience.COMPLIANCE)}[plain]


def test_the_withdrawal_of_a_hidden_fact_is_as_hidden_as_that_fact():
    hidden = written(SuspicionNoted(subject=CASE))[0]
    correct(hidden, None, by=LIN, reason="查無此事")
    assert timeline(CASE, Audience.STAFF) == []
    assert _kinds(timeline(CASE, Audience.COMPLIANCE)) == {"SuspicionNoted", "FactWithdrawn"}


def test_figures_leave_corrected_facts_out_and_can_say_what_was_known_then():
    wrong = written()[0]
    before_the_correction = now()
    correct(wrong, LetterWritten(subject=CASE, pages=2), by=LIN, reason="頁數")
    written(SuspicionNoted(subject=CASE))
    assert _count(facts_valid()) == 2
    assert _count(facts_valid(audience=Audience.STAFF)) == 1
    assert _count(facts_valid(audience=Audience.NOBODY)) == 0
    assert _count(facts_valid(before_the_correction)) == 1
    assert _count(facts_valid(before_the_correction.astimezone(UTC) - timedelta(days=1))) == 0


def test_a_fact_from_before_a_field_existed_means_its_default():
    written()
    (entry,) = timeline(CASE, Audience.STAFF)

    assert replace(entry, data={}).pages == 1
    with pytest.raises(AttributeError, match="sheets"):
        replace(entry, data={}).sheets  # noqa: B018
