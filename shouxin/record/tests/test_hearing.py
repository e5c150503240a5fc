"""News goes up by fact, and is heard in the worker."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from shouxin.record.hearing import HEARERS, hears
from shouxin.record.recording import EXAMPLE, IMPORT, copy_facts, fact_ids, record, row_of
from shouxin.record.tests.samples import AT, CASE, WANG, LetterShown, LetterWritten, written

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]
HEARD: list[tuple[str, int, dict[str, Any]]] = []


def invite_answer(fact: int, data: dict[str, Any]) -> None:
    HEARD.append(("invite_answer", fact, data))


def count_letters(fact: int, data: dict[str, Any]) -> None:
    HEARD.append(("count_letters", fact, data))


def stumble_once(fact: int, data: dict[str, Any]) -> None:
    HEARD.append(("stumble_once", fact, data))
    if len(HEARD) == 1:
        raise ValueError("not yet")


@pytest.fixture(autouse=True)
def hearers() -> Iterator[None]:
    HEARD.clear()
    hears(LetterWritten, invite_answer)
    hears(LetterWritten, count_letters)
    yield
    HEARERS.pop("LetterWritten")
    HEARERS.pop("LetterShown", None)


def _jobs() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->>'fact')::bigint, args->>'hearer', status FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def _work() -> None:
    """Run the worker until there is nothing left to do."""
    worker = app.with_connector(app.connector.get_worker_connector())
    with worker.open():
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_fact_that_does_not_concern_a_hearer_makes_no_job():
    hears(LetterWritten, count_letters, only=lambda fact: fact.channel == "web")
    try:
        ids = written(LetterWritten(subject=CASE, channel="web"), LetterWritten(subject=CASE, channel="phone"))
    finally:
        hears(LetterWritten, count_letters)
    assert [fact for fact, name, _status in _jobs() if name.endswith("count_letters")] == ids[:1]
    assert [fact for fact, name, _status in _jobs() if name.endswith("invite_answer")] == ids


def test_each_hearer_of_each_fact_has_one_job():
    ids = written(LetterWritten(subject=CASE), LetterShown(subject=CASE), LetterWritten(subject=CASE))
    assert [(fact, name.rsplit(".")[-1]) for fact, name, _status in _jobs()] == [
        (ids[0], "invite_answer"), (ids[0], "count_letters"), (ids[2], "invite_answer"), (ids[2], "count_letters"),
    ]  # fmt: skip


def test_a_fact_is_heard_in_the_worker_and_not_before():
    fact = written(LetterWritten(subject=CASE, person=WANG, pages=2, outcome="sent"), content={"body": "王小姐"})[0]
    assert HEARD == []
    _work()
    told = {
        "subject": "case:4517",
        "person": "customer:9",
        "kind": "LetterWritten",
        "outcome": "sent",
        "rule": "",
        "pages": 2,
    }
    assert sorted(HEARD) == [("count_letters", fact, told), ("invite_answer", fact, told)]
    assert {status for _fact, _name, status in _jobs()} == {"succeeded"}


def test_nobody_hears_what_was_rolled_back():
    with transaction.atomic():
        record(LetterWritten(subject=CASE))
        transaction.set_rollback(True)
    assert _jobs() == []


@pytest.mark.parametrize("source", [IMPORT, EXAMPLE])
def test_what_is_copied_is_heard_by_nobody(source):
    with transaction.atomic():
        copy_facts([row_of(LetterWritten(subject=CASE), fact_ids(1)[0], AT, source=source)])
    assert _jobs() == []


def test_what_is_imported_is_heard_by_nobody_and_what_people_do_to_an_example_is():
    written(LetterWritten(subject=CASE), source=IMPORT)
    assert _jobs() == []
    written(LetterWritten(subject=CASE), source=EXAMPLE)
    assert [name.rsplit(".")[-1] for _fact, name, _status in _jobs()] == ["invite_answer", "count_letters"]


def test_a_hearer_that_stumbles_is_called_again():
    hears(LetterShown, stumble_once)
    fact = written(LetterShown(subject=CASE))[0]
    _work()
    assert [status for _fact, _name, status in _jobs()] == ["todo"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 minute'")
    _work()
    assert [heard[:2] for heard in HEARD] == [("stumble_once", fact)] * 2
    assert [status for _fact, _name, status in _jobs()] == ["succeeded"]
