"""Sealing and verification, in a database with real commits."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from shouxin.core.clock import now
from shouxin.record.heads import Head, export_heads, read_heads
from shouxin.record.recording import record
from shouxin.record.sealing import FIRST_HEAD, leaves, seal_once
from shouxin.record.spelling import Tree, head_of
from shouxin.record.tests.samples import CASE, LetterWritten, sealed, written
from shouxin.record.verifying import verify
from tests.databases import another

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]


def _run(sql: str, about: list | None = None) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, about or [])
        return cursor.fetchall() if cursor.description else []


def _tables() -> list[str]:
    return [
        name
        for (name,) in _run(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'record_fact'::regclass"
        )
    ]


def _by_force(sql: str, about: list | None = None) -> None:
    """As somebody who owns the database and hides his traces: triggers off, change, triggers on."""
    tables = [*_tables(), "record_fact", "record_seal", "record_seal_print", "record_fact_content"]
    for state in ("DISABLE TRIGGER ALL", None, "ENABLE TRIGGER ALL"):
        if state is None:
            _run(sql, about)
            continue
        for table in tables:
            _run(f"ALTER TABLE {table} {state}")
    for table in tables:
        _run("SELECT record_protect(%s::regclass)", [table])
    _run("ALTER TABLE record_fact_content ENABLE ALWAYS TRIGGER record_only_erased")
    _run("ALTER TABLE ONLY record_fact ENABLE ALWAYS TRIGGER record_never_late")


def _sealed_facts(batches: int = 3) -> list[int]:
    ids = []
    for batch in range(batches):
        ids += written(*(LetterWritten(subject=CASE, pages=n) for n in range(4)), content={0: {"body": f"信 {batch}"}})
        assert sealed().fact_count == 4
    return ids


def test_a_batch_closes_what_is_committed_and_the_next_continues_it():
    ids = _sealed_facts(2)
    assert seal_once(now()) is None
    report = verify()
    assert report.problems == []
    assert (report.batches, report.facts, report.contents, report.unsealed) == (2, len(ids), 2, 0)
    written()
    assert verify().unsealed == 1


def test_a_transaction_held_open_across_a_sealing_is_sealed_afterwards():
    with another() as late:
        late.set_autocommit(False)
        with late.cursor() as cursor:
            cursor.execute(
                "INSERT INTO record_fact (happened_at, kind, version, source, audience, subject, team, post, branch,"
                " channel, service, stage, product, jurisdiction, rule, outcome, data) VALUES"
                " (now(), 'LetterWritten', 1, 'live', 'staff', 'case:1', '','','','','','','','','','', '{}')"
            )
        written()
        assert seal_once(now()) is None
        assert verify().unsealed == 1
        late.commit()
    assert sealed().fact_count == 2
    assert verify().problems == []


def test_two_sealers_at_once_make_one_chain():
    written()
    with another() as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x5EA1])
        assert seal_once(now()) is None
        other.rollback()
    assert sealed().batch == 1


def test_a_changed_byte_is_found_and_its_fact_named():
    ids = _sealed_facts()
    _by_force("UPDATE record_fact SET team = 'x' WHERE id = %s", [ids[5]])
    assert [problem.fact for problem in verify().problems] == [ids[5]]


def test_a_deleted_fact_is_found_and_named():
    ids = _sealed_facts()
    _by_force("DELETE FROM record_fact WHERE id = %s", [ids[6]])
    problem = verify().problems[0]
    assert (problem.fact, "gone" in problem.text) == (ids[6], True)


def test_a_fact_slipped_in_afterwards_is_found_and_named():
    ids = _sealed_facts()
    _by_force(
        "INSERT INTO record_fact SELECT recorded_at, nextval('record_fact_id'), xid, happened_at, kind, version,"
        " source, audience, subject, person, actor, corrects, team, post, branch, channel, service, stage, product,"
        " jurisdiction, rule, outcome, seconds, working_seconds, data, NULL FROM record_fact WHERE id = %s",
        [ids[2]],
    )
    problem = verify().problems[0]
    assert (problem.fact, "not there" in problem.text) == (ids[-1] + 1, True)


def test_a_truncated_partition_is_found_and_its_first_fact_named():
    ids = _sealed_facts()
    table = _run("SELECT tableoid::regclass::text FROM record_fact LIMIT 1")[0][0]
    _by_force(f"TRUNCATE {table}")
    assert ids[0] in [problem.fact for problem in verify().problems]


def test_a_changed_or_removed_content_is_found_and_its_fact_named():
    ids = _sealed_facts()
    _by_force('UPDATE record_fact_content SET body = \'{"body": "別的"}\' WHERE fact = %s', [ids[4]])
    assert [problem.fact for problem in verify().problems] == [ids[4]]
    _by_force("DELETE FROM record_fact_content WHERE fact = %s", [ids[0]])
    assert {problem.fact for problem in verify().problems} == {ids[4], ids[0]}


def test_a_disabled_trigger_is_found():
    table = _tables()[0]
    assert verify().problems == []
    _run(f"ALTER TABLE {table} DISABLE TRIGGER record_never_truncated")
    assert [problem.text for problem in verify().problems] == [
        f"the trigger record_never_truncated on {table} is not enabled for everybody"
    ]
    _run(f"ALTER TABLE {table} ENABLE TRIGGER record_never_truncated")
    assert "is not enabled" in verify().problems[0].text
    _run("CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    assert "the function record_refuse refuses no more" in [problem.text for problem in verify().problems]


def _seal_all_again() -> None:
    """What somebody with all rights would do after changing a fact: recompute every seal and print."""
    seals = _run("SELECT batch, sealed_at, xid_from, xid_until FROM record_seal ORDER BY batch")
    head = FIRST_HEAD
    for batch, sealed_at, *span in seals:
        tree, prints = Tree(), b""
        with transaction.atomic():
            for fact, _xid, leaf in leaves(connection, *span):
                tree.add(leaf)
                prints += fact.to_bytes(8, "big") + leaf[:8]
        previous, head = head, head_of(head, batch, sealed_at, tuple(span), tree.count, tree.root)
        _by_force(
            "UPDATE record_seal SET root = %s, previous_head = %s, head = %s, fact_count = %s WHERE batch = %s",
            [tree.root, previous, head, tree.count, batch],
        )
        _by_force("UPDATE record_seal_print SET prints = %s WHERE batch = %s", [prints, batch])


def test_a_fact_changed_with_all_seals_recomputed_is_found_by_the_heads_outside(tmp_path):
    ids = _sealed_facts()
    heads = tmp_path / "heads.log"
    assert [head.batch for head in export_heads(now(), heads)] == [1, 2, 3]
    assert verify(heads).problems == []
    _by_force("UPDATE record_fact SET team = 'x' WHERE id = %s", [ids[5]])
    _seal_all_again()
    assert verify().problems == []
    report = verify(heads)
    assert (report.heads, "another head" in report.problems[0].text) == (2, True)
    assert report.problems[0].fact in ids


def test_a_batch_that_the_heads_know_and_the_database_does_not_is_named(tmp_path):
    _sealed_facts()
    heads = tmp_path / "heads.log"
    export_heads(now() + timedelta(hours=2), heads)
    _by_force("DELETE FROM record_seal WHERE batch = 3")
    assert "knows batch 3" in verify(heads).problems[0].text
    _by_force("DELETE FROM record_seal WHERE batch = 1")
    assert verify().problems[0].text == "batch 1 is missing"


def test_a_batch_sealed_while_the_record_is_verified_accuses_nobody(tmp_path):
    """The file of heads goes on growing while the database is read at one snapshot."""
    _sealed_facts(2)
    heads = tmp_path / "heads.log"
    export_heads(now(), heads)

    def goes_on(_report) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_one_more_batch, heads).result()

    report = verify(heads, tell=goes_on)

    assert [head.batch for head in read_heads(heads)] == [1, 2, 3]
    assert (report.problems, report.batches, report.heads) == ([], 2, 2)
    report = verify(heads)
    assert (report.problems, report.batches, report.heads) == ([], 3, 3)


def _one_more_batch(heads) -> None:
    try:
        written()
        sealed()
        export_heads(now(), heads)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("end", "count"),
    [("", 2), ("2026-11-28T20:0", 2), ("2026-11-28T20:01:41.000000Z 3 9f86d0", 2)],
)
def test_a_line_of_heads_that_is_just_being_written_is_left_for_the_next_time(tmp_path, end, count):
    _sealed_facts(2)
    heads = tmp_path / "heads.log"
    export_heads(now(), heads)
    heads.write_text(heads.read_text() + end)

    report = verify(heads)

    assert (report.problems, report.heads) == ([], count)


def test_a_last_line_without_its_end_is_compared_and_a_damaged_line_is_named(tmp_path):
    _sealed_facts(2)
    heads = tmp_path / "heads.log"
    export_heads(now(), heads)
    first, last = heads.read_text().splitlines()
    heads.write_text(f"{first}\n{last[:-1]}{'0' if last[-1] != '0' else '1'}")
    assert "batch 2 has another head than in heads.log" in str(verify(heads).problems[0])
    heads.write_text(f"{first[:-2]}\n{last}\n")
    with pytest.raises(CommandError, match="heads.log, line 1: not a head"):
        call_command("verify", "--no-seal", heads=heads)


def test_every_head_leaves_at_once_and_each_hours_last_reaches_the_auditor(tmp_path, settings, mailoutbox):
    settings.SHOUXIN_AUDITOR = "auditor@shouxin.example"
    heads, at = tmp_path / "heads.log", now()
    for minutes in (0, 1, 90):
        written()
        sealed(at + timedelta(minutes=minutes - 180))
    export_heads(at, heads)
    assert export_heads(at, heads) == []
    told = list(read_heads(heads))
    assert [head.batch for head in told] == [1, 2, 3]
    hours = {head.sealed_at.replace(minute=0, second=0, microsecond=0): head for head in told}
    assert mailoutbox[0].body == "".join(f"{head}\n" for head in hours.values())
    assert len(mailoutbox) == 1
    assert Head.parse(str(told[0])) == told[0]


def test_the_command_prints_nothing_but_json_and_fails_on_a_change(capsys, tmp_path):
    ids = _sealed_facts(1)
    call_command("verify", "--json")
    assert json.loads(capsys.readouterr().out)["facts"] == 4
    _by_force("UPDATE record_fact SET team = 'x' WHERE id = %s", [ids[1]])
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 1
    assert f"fact {ids[1]}: changed since batch 1 was sealed" in capsys.readouterr().out


def test_facts_are_sealed_on_in_another_cluster_whose_transactions_begin_anew():
    ids = _sealed_facts(2)
    _by_force("UPDATE record_seal SET xid_until = xid_until + 1000000 WHERE batch = 2")
    _by_force("UPDATE record_fact SET xid = xid + 900000 WHERE id > %s", [ids[3]])
    _seal_all_again()
    with pytest.raises(DatabaseError, match="restored into another cluster"):
        written()
    assert _run("SELECT record_advance_epoch()") == [(True,)]
    assert _run("SELECT record_advance_epoch()") == [(False,)]
    written()
    assert sealed().fact_count == 1
    assert verify().problems == []


def test_large_batches_are_printed_in_pieces():
    with transaction.atomic():
        for _ in range(9):
            record(*(LetterWritten(subject=CASE, pages=n) for n in range(1000)))
    assert sealed().fact_count == 9000
    assert [len(piece) // 16 for (piece,) in _run("SELECT prints FROM record_seal_print ORDER BY piece")] == [8192, 808]
    assert verify().facts == 9000
