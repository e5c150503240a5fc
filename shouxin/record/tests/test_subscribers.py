"""A room subscribes to facts; each is delivered in the worker, exactly once, under a name that lasts."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from shouxin.record.recording import EXAMPLE, IMPORT, copy_facts, fact_ids, record, row_of
from shouxin.record.subscribers import (
    FORMER,
    SUBSCRIBERS,
    UnknownSubscriber,
    deliver,
    forget_deliveries,
    subscribe,
)  # fmt: skip
from shouxin.record.tests.samples import AT, CASE, WANG, LetterShown, LetterWritten, written

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]
HEARD: list[tuple[str, int, dict[str, Any]]] = []


def invite_answer(fact: int, data: dict[str, Any]) -> None:
    HEARD.append(("invite_answer", fact, data))


def count_letters(fact: int, data: dict[str, Any]) -> None:
    HEARD.append(("count_letters", fact, data))


def fail_once(fact: int, data: dict[str, Any]) -> None:
    HEARD.append(("fail_once", fact, data))
    if len(HEARD) == 1:
        raise ValueError("not yet")


@pytest.fixture(autouse=True)
def subscribers() -> Iterator[None]:
    HEARD.clear()
    subscribe(LetterWritten, invite_answer, name="tests.invite_answer")
    subscribe(LetterWritten, count_letters, name="tests.count_letters")
    yield
    SUBSCRIBERS.pop("LetterWritten")
    SUBSCRIBERS.pop("LetterShown", None)


def _jobs() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'fact')::bigint, args->>'hearer', status FROM procrastinate_jobs"
            " WHERE task_name = 'hear' ORDER BY id"
        )
        return cursor.fetchall()


def _work() -> None:
    """Run the worker until there is nothing left to do."""
    worker = app.with_connector(app.connector.get_worker_connector())
    with worker.open():
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_fact_that_does_not_concern_a_subscriber_makes_no_job():
    subscribe(LetterWritten, count_letters, name="tests.count_letters", only=lambda fact: fact.channel == "web")
    ids = written(LetterWritten(subject=CASE, channel="web"), LetterWritten(subject=CASE, channel="phone"))
    assert [fact for fact, name, _status in _jobs() if name.endswith("count_letters")] == ids[:1]
    assert [fact for fact, name, _status in _jobs() if name.endswith("invite_answer")] == ids


def test_each_subscriber_of_each_fact_has_one_job():
    ids = written(LetterWritten(subject=CASE), LetterShown(subject=CASE), LetterWritten(subject=CASE))
    assert [(fact, name.rsplit(".")[-1]) for fact, name, _status in _jobs()] == [
        (ids[0], "invite_answer"), (ids[0], "count_letters"), (ids[2], "invite_answer"), (ids[2], "count_letters"),
    ]  # fmt: skip


def test_a_fact_is_delivered_in_the_worker_and_not_before():
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


def test_what_was_rolled_back_is_delivered_to_nobody():
    with transaction.atomic():
        record(LetterWritten(subject=CASE))
        transaction.set_rollback(True)
    assert _jobs() == []


@pytest.mark.parametrize("source", [IMPORT, EXAMPLE])
def test_what_is_copied_is_delivered_to_nobody(source):
    with transaction.atomic():
        copy_facts([row_of(LetterWritten(subject=CASE), fact_ids(1)[0], AT, source=source)])
    assert _jobs() == []


def test_what_is_imported_is_delivered_to_nobody_and_what_people_do_to_an_example_is():
    written(LetterWritten(subject=CASE), source=IMPORT)
    assert _jobs() == []
    written(LetterWritten(subject=CASE), source=EXAMPLE)
    assert [name.rsplit(".")[-1] for _fact, name, _status in _jobs()] == ["invite_answer", "count_letters"]


def test_a_handler_that_fails_is_called_again():
    subscribe(LetterShown, fail_once, name="tests.fail_once")
    fact = written(LetterShown(subject=CASE))[0]
    _work()
    with connection.cursor() as cursor:  # the second try waits a moment, unless this machine is so slow that it is over
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 minute'")
    _work()
    assert [heard[:2] for heard in HEARD] == [("fail_once", fact)] * 2
    assert [status for _fact, _name, status in _jobs()] == ["succeeded"]


def _deliver(fact: int, name: str = "tests.count_letters") -> None:
    deliver(kind="LetterWritten", hearer=name, fact=fact, data={})


def test_a_job_that_runs_again_delivers_nothing():
    fact, other = written(LetterWritten(subject=CASE), LetterWritten(subject=CASE))
    for each in (fact, fact, other, fact):
        _deliver(each)
    assert [("count_letters", fact, {}), ("count_letters", other, {})] == HEARD


def test_two_workers_with_one_job_deliver_once():
    """The second waits for the first to commit; were the first undone, the second would deliver."""
    (fact,) = written(LetterWritten(subject=CASE))
    inside, go_on = threading.Event(), threading.Event()

    def wait(fact: int, data: dict[str, Any]) -> None:
        HEARD.append(("wait", fact, data))
        inside.set()
        assert go_on.wait(20)

    def work() -> None:
        try:
            _deliver(fact, "tests.wait")
        finally:
            connection.close()

    subscribe(LetterWritten, wait, name="tests.wait")
    both = [threading.Thread(target=work) for _ in range(2)]
    both[0].start()
    assert inside.wait(20)
    both[1].start()
    go_on.set()
    for each in both:
        each.join(20)
    assert [("wait", fact, {})] == HEARD


def test_what_a_failed_handler_wrote_is_undone_with_its_entry():
    (fact,) = written(LetterWritten(subject=CASE))

    def write_and_fail(fact: int, data: dict[str, Any]) -> None:
        record(LetterShown(subject=CASE))
        raise ValueError("half way")

    subscribe(LetterWritten, write_and_fail, name="tests.half")
    with pytest.raises(ValueError, match="half way"):
        _deliver(fact, "tests.half")
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM record_delivery), (SELECT count(*) FROM record_fact)")
        assert cursor.fetchone() == (0, 1)


def test_a_name_nobody_registers_fails_loudly_and_stays():
    written(LetterWritten(subject=CASE))
    SUBSCRIBERS["LetterWritten"].pop("tests.count_letters")
    _work()
    assert sorted((name, status) for _fact, name, status in _jobs()) == [
        ("tests.count_letters", "failed"), ("tests.invite_answer", "succeeded"),
    ]  # fmt: skip
    with pytest.raises(UnknownSubscriber, match="tests.count_letters"):
        _deliver(1)


def test_jobs_of_an_earlier_release_find_who_was_renamed_and_leave_who_was_removed(monkeypatch):
    """As after an upgrade: the jobs wait under the names that the earlier release knew."""
    monkeypatch.setitem(FORMER, "rooms.old.module.count", "tests.count_letters")
    monkeypatch.setitem(FORMER, "rooms.old.module.sing", None)
    (fact,) = written(LetterWritten(subject=CASE))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET args = jsonb_set(args, '{hearer}', CASE args->>'hearer'"
            " WHEN 'tests.count_letters' THEN '\"rooms.old.module.count\"' ELSE '\"rooms.old.module.sing\"' END::jsonb)"
        )
    _work()
    assert [heard[:2] for heard in HEARD] == [("count_letters", fact)]
    assert {status for _fact, _name, status in _jobs()} == {"succeeded"}


def test_every_name_of_the_earlier_release_leads_to_a_subscriber_of_today():
    today = {name for of_kind in SUBSCRIBERS.values() for name in of_kind}
    assert {name for name in FORMER.values() if name} <= today and len(FORMER) == 17


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match=r"tests\.invite_answer is taken"):
        subscribe(LetterWritten, count_letters, name="tests.invite_answer")


def test_old_entries_go_unless_their_job_may_run_again():
    done, failed = written(LetterWritten(subject=CASE), LetterWritten(subject=CASE))
    for each in (done, failed):
        _deliver(each)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE (args->>'fact')::bigint = %s", [failed])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE (args->>'fact')::bigint = %s", [done])
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    assert forget_deliveries(now - timedelta(days=1)) == 0
    assert forget_deliveries(now) == 1
    _deliver(failed)
    assert len(HEARD) == 2
