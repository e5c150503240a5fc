"""Erasure: what is personal is gone everywhere, and the seals still verify."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.record import erasing
from shouxin.record.erasing import (
    Erasing,
    erase,
    erase_with_report,
    export_erasures,
    preview,
    reapply,
    reapply_erasures,
)
from shouxin.record.facts import ContentErased
from shouxin.record.queries import timeline
from shouxin.record.recording import content_hash, record
from shouxin.record.tests.samples import CASE, LIN, WANG, LetterWritten, sealed, written
from shouxin.record.verifying import verify
from tests.databases import stored_anywhere

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]
SECRET = "王雅婷住在信義路三段九號"


def _run(sql: str, about: list | None = None) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, about or [])
        return cursor.fetchall() if cursor.description else []


def _letter(body: str = SECRET, **about) -> int:
    return written(LetterWritten(subject=CASE, person=WANG), content={"body": body}, **about)[0]


def test_an_erasure_leaves_nothing_personal_and_the_seals_still_verify():
    fact = _letter()
    sealed()
    assert stored_anywhere(SECRET) == ["record_fact_content.body"]
    assert erase([fact], by=LIN, reason="客戶請求") == 1
    sealed()
    assert stored_anywhere(SECRET) == []
    assert _run("SELECT count(*) FROM record_fact_content") == [(0,)]
    assert verify().problems == []
    entry = timeline(CASE, Audience.STAFF)[0]
    assert (entry.id, entry.is_erased, entry.content) == (fact, True, {})


def test_an_erasure_is_a_fact_that_says_who_why_and_what():
    fact = _letter()
    erase([fact], by=LIN, reason="客戶請求")
    told = next(entry for entry in timeline(CASE, Audience.COMPLIANCE) if entry.id != fact)
    assert (told.kind, told.actor, told.reason, told.facts) == ("ContentErased", LIN, "客戶請求", [fact])


def test_a_person_is_erased_in_every_room_that_keeps_copies():
    other = written(LetterWritten(subject=CASE, person=Ref("customer", 10)), content={"body": "別人"})[0]
    facts, asked = {_letter(), _letter()}, []
    erasing.ERASERS.append(asked.append)
    try:
        assert erase(WANG, by=LIN, reason="客戶請求") == 2
    finally:
        erasing.ERASERS.remove(asked.append)
    assert [(each.facts, each.subjects, each.person) for each in asked] == [(facts, {CASE}, WANG)]
    assert asked[0].people == {WANG}
    assert _run("SELECT fact FROM record_fact_content") == [(other,)]


def test_a_room_that_can_not_erase_its_copies_stops_the_erasure():
    fact = _letter()

    def fails(erasing: Erasing) -> None:
        raise OSError("the folder of attachments is gone")

    erasing.ERASERS.append(fails)
    try:
        with pytest.raises(OSError, match="attachments"):
            erase([fact], by=LIN, reason="客戶請求")
    finally:
        erasing.ERASERS.remove(fails)
    assert stored_anywhere(SECRET) == ["record_fact_content.body"]
    assert {entry.kind for entry in timeline(CASE, Audience.COMPLIANCE)} == {"LetterWritten"}


def test_content_goes_only_with_a_fact_of_the_same_transaction_that_says_so():
    fact = _letter()
    with pytest.raises(DatabaseError, match="goes only by erasure"):
        _run("DELETE FROM record_fact_content WHERE fact = %s", [fact])
    with transaction.atomic():
        erasure = record(ContentErased(subject=CASE, facts=[fact], reason="先寫"))[0]
    with pytest.raises(DatabaseError, match="of the same transaction"):
        _run("SELECT record_erase(%s)", [erasure])
    with pytest.raises(DatabaseError, match="of the same transaction"):
        _run("SELECT record_erase(%s)", [fact])


def test_an_erased_content_that_comes_back_is_found():
    fact = _letter()
    salt, body = _run("SELECT salt, body FROM record_fact_content")[0]
    erase([fact], by=LIN, reason="客戶請求")
    _run("INSERT INTO record_fact_content VALUES (%s, %s, %s)", [fact, salt, body])
    assert [(p.fact, "there again" in p.text) for p in verify().problems] == [(fact, True)]


def test_what_was_erased_is_erased_again_after_a_backup_is_restored(tmp_path: Path, capsys):
    kept, fact = _letter("留著"), _letter()
    backup = _run("SELECT salt, body FROM record_fact_content WHERE fact = %s", [fact])[0]
    erase([fact], by=LIN, reason="客戶請求")
    listed = tmp_path / "erasures.log"
    assert export_erasures(listed) == 1
    assert export_erasures(listed) == 0
    assert SECRET not in listed.read_text()
    _run("INSERT INTO record_fact_content VALUES (%s, %s, %s)", [fact, *backup])
    # The number of `kept` may have been given to another fact before the backup: its hash tells them apart.
    other = {"id": 9, "fact": kept, "content_hash": content_hash(b"x", {}).hex()}
    listed.write_text(listed.read_text() + json.dumps(other) + "\n")
    call_command("reapply_erasures", list=listed)
    assert "1 contents erased again" in capsys.readouterr().out
    assert reapply_erasures(listed) == 0
    assert stored_anywhere(SECRET) == []
    assert _run("SELECT fact FROM record_fact_content") == [(kept,)]
    assert verify().problems == []


def test_a_person_is_erased_again_after_a_restore_with_all_that_the_backup_knows(tmp_path: Path, capsys):
    listed = tmp_path / "erasures.log"
    assert erase(WANG, by=LIN, reason="客戶請求") == 0
    assert export_erasures(listed) == 0
    entry = json.loads(listed.read_text())
    assert (entry["whole"], "fact" in entry) == (str(WANG), False)
    # The backup that is put back knows neither the erasure nor that the person has no content.
    older = entry | {"erasure": entry["erasure"] + 1000, "at": "2999-01-01T00:00:00+00:00"}
    listed.write_text(json.dumps(older) + "\n")
    _letter()
    later = datetime(2999, 1, 2, tzinfo=UTC)

    assert reapply(listed, at=later).contents == 1

    assert stored_anywhere(SECRET) == []
    _letter("一封新的信")
    assert reapply(listed, at=later).contents == 0


def test_without_the_list_nothing_is_said_to_be_applied_again(tmp_path: Path):
    with pytest.raises(CommandError, match="is not there"):
        call_command("reapply_erasures", list=tmp_path / "erasures.log")


def test_jobs_that_name_the_person_keep_nothing_and_what_waits_is_taken_back():
    erasing.WORDS.append(lambda about: ["王雅婷", "wang@mail.example"])
    add = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('q', 't', %s, %s) RETURNING id"
    try:
        told = [
            _run(add, [json.dumps(args), status])[0][0]
            for args, status in (
                ({"email": "wang@mail.example"}, "failed"),
                ({"email": "wang@mail.example"}, "todo"),
                ({"text": "親愛的王雅婷"}, "todo"),
                ({"text": "親愛的王雅婷"}, "succeeded"),
                ({"email": "chen@mail.example"}, "todo"),
            )
        ]
        erase(WANG, by=LIN, reason="客戶請求")
    finally:
        erasing.WORDS.pop()

    found = dict(_run("SELECT id, args::text || ' ' || status FROM procrastinate_jobs WHERE id = ANY(%s)", [told]))
    assert [found[each] for each in told] == [
        "{} failed",
        "{} cancelled",
        '{"text": "親愛的王雅婷"} todo',
        "{} succeeded",
        '{"email": "chen@mail.example"} todo',
    ]


def test_a_preview_tells_what_would_go_and_changes_nothing():
    fact = _letter()

    found = preview(WANG)

    assert (found.contents, found.tables) == (1, {"record_fact_content": 1})
    assert _run("SELECT fact FROM record_fact_content") == [(fact,)]
    assert erase_with_report(WANG, by=LIN, reason="客戶請求") == found
