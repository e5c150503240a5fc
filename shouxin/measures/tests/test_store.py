"""The columnar copy holds what the record holds: at once, whoever commits late, and again after anything is lost."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from django.db import connection, transaction

from shouxin.measures import store as stores
from shouxin.measures.auditing import audit
from shouxin.measures.fetching import standing
from shouxin.measures.relation import reading_of
from shouxin.measures.store import Store
from shouxin.measures.tests.makers import at, row, span, write

DAY = at("2026-11-03")


def ids(copy) -> list[int]:
    reading = reading_of(copy)
    return sorted(each["id"] for each in reading.rows("SELECT id FROM facts"))


def opened(*cases: int) -> list[int]:
    return write([row("CaseOpened", case, DAY) for case in cases])


def settled(store: Store):
    """The copy once no other transaction of the server, in whatever database, holds the horizon back."""
    for _ in range(200):
        if not (copy := store.open()).fresh.num_rows:
            return copy
        time.sleep(0.05)
    raise AssertionError("a transaction stays open")


@pytest.mark.django_db
def test_a_fact_counts_in_the_moment_it_is_recorded_even_before_it_commits(tmp_path):
    store = Store(tmp_path, few=0)
    first = opened(1, 2)
    assert ids(store.open()) == first

    second = opened(3)

    assert ids(store.open()) == first + second


@pytest.mark.database
def test_facts_that_committed_lie_in_files_and_are_not_fetched_again(tmp_path, own_database):
    store = Store(tmp_path, few=0)
    first = opened(1, 2)

    copy = settled(store)

    assert (len(copy.files), ids(copy)) == (1, first)
    again = store.open()
    assert (again.files, again.fresh.num_rows) == (copy.files, 0)


@contextmanager
def held_open(case: int) -> Iterator[list[int]]:
    """A transaction that has recorded a fact and commits only at the end of the block."""
    begun, ended, facts = threading.Event(), threading.Event(), []

    def slow() -> None:
        with transaction.atomic():
            facts.extend(opened(case))
            begun.set()
            ended.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    try:
        yield facts
    finally:
        ended.set()
        thread.join(20)


@pytest.mark.database
def test_what_commits_late_is_not_skipped(tmp_path, own_database):
    store = Store(tmp_path, few=0)
    with held_open(1) as late:
        early = opened(2)  # a later transaction that commits first
        assert ids(store.open()) == early

    assert ids(store.open()) == late + early
    assert ids(store.open()) == late + early


def signed(folder, manifest: dict) -> None:
    """The manifest as somebody who knows the key of the home would write it."""
    told = {key: value for key, value in manifest.items() if key != "signature"}
    (folder / "manifest.json").write_text(json.dumps(told | {"signature": stores._signature(told)}))


def by_hand(file: str, change: str) -> None:
    """Another file in place of this one, with other rows in it."""
    draft = f"{file}.draft"
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({change.format(file=file)}) TO '{draft}' (FORMAT parquet, COMPRESSION zstd)")
    stores.Path(draft).replace(file)


REMOVED = "SELECT * FROM read_parquet('{file}') WHERE id % 2 = 0"
EDITED = "SELECT * REPLACE ('closed' AS outcome) FROM read_parquet('{file}')"
MOVED = "SELECT * REPLACE (seconds + 1 AS seconds) FROM read_parquet('{file}')"


@pytest.mark.parametrize("change", [REMOVED, EDITED])
def test_a_file_changed_by_hand_is_never_read(tmp_path, own_database, change):
    store = Store(tmp_path, few=0)
    known = opened(1, 2, 3)
    by_hand(settled(store).files[0], change)

    with_record = reading_of(store.open()).rows("SELECT id, outcome FROM facts ORDER BY id")

    assert with_record == [{"id": each, "outcome": ""} for each in known]


def test_files_that_were_only_copied_to_another_disk_are_read_on(tmp_path, own_database):
    store = Store(tmp_path, few=0)
    known = opened(1)
    file = stores.Path(settled(store).files[0])
    file.write_bytes(file.read_bytes())

    copy = store.open()

    assert (copy.files, ids(copy)) == ([str(file)], known)


def test_a_manifest_that_nobody_signed_is_not_believed(tmp_path, own_database):
    store = Store(tmp_path, few=0)
    known = opened(1, 2)
    settled(store)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["segments"] = []
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    assert ids(store.open()) == known


@pytest.mark.database
@pytest.mark.parametrize("change", [REMOVED, EDITED, MOVED])
def test_verify_finds_a_changed_copy_whatever_was_done_to_its_manifest_and_makes_it_anew(
    tmp_path, own_database, change
):
    store = Store(tmp_path, few=0)
    known = write([span("CaseClosed", case, DAY, DAY + timedelta(days=1)) for case in (1, 2, 3)])
    file = settled(store).files[0]
    assert audit(store) == []
    by_hand(file, change)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["segments"][0] |= {"digest": stores._digest(stores.Path(file)), "lying": stores._lying(stores.Path(file))}
    signed(tmp_path, manifest)

    assert [month in audit(store)[0] for month in (f"{datetime.now(UTC):%Y-%m}",)] == [True]

    assert audit(store) == []
    rows = reading_of(store.open()).rows("SELECT id, outcome, seconds FROM facts ORDER BY id")
    assert rows == [{"id": each, "outcome": "", "seconds": 86400} for each in known]


def test_a_copy_that_is_ahead_of_a_restored_database_is_made_anew(tmp_path, own_database):
    store = Store(tmp_path, few=0)
    known = opened(1)
    settled(store)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["last"] = [datetime(2030, 1, 1, tzinfo=UTC).isoformat(), known[0] + 99]
    signed(tmp_path, manifest)

    assert ids(store.open()) == known


def test_a_lost_file_is_made_anew(tmp_path, own_database):
    store = Store(tmp_path, few=0)
    known = opened(1)
    for file in settled(store).files:
        stores.Path(file).unlink()

    assert ids(store.open()) == known


def test_many_small_files_become_one_and_the_old_ones_outlive_who_reads_them(tmp_path, own_database, monkeypatch):
    store, known = Store(tmp_path, few=0), []
    for case in range(stores.MANY + 2):
        known += opened(case)
        copy = settled(store)

    assert len(copy.files) <= 2
    assert ids(copy) == known
    assert len(list(tmp_path.glob("*.parquet"))) > stores.MANY

    monkeypatch.setattr(stores, "GRACE_SECONDS", -1)
    known += opened(99)
    assert ids(settled(store)) == known
    assert len(list(tmp_path.glob("*.parquet"))) <= 3


def test_a_month_that_is_over_becomes_one_sorted_file_once_nothing_can_join_it(tmp_path, own_database, monkeypatch):
    store, known = Store(tmp_path, few=0), opened(2, 1)
    later = datetime.now(UTC) + timedelta(days=40)
    monkeypatch.setattr(stores, "standing", lambda *about: replace(standing(*about), at=later, is_much=True))

    with held_open(3) as late:
        assert not any("closed" in file for file in store.open().files)
    copy = settled(store)

    assert [file.count("closed") for file in copy.files] == [1]
    stored = duckdb.sql(f"SELECT id FROM read_parquet('{copy.files[0]}')").fetchall()
    assert [each[0] for each in stored] == known + late
