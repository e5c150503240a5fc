"""What time does: breaches and warnings, once each, by any number of workers, whoever dies on the way."""

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from threading import Event, Thread
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.promises import bell, jobs
from shouxin.promises.actions import keep, make, pause
from shouxin.promises.bulk import Past, write_history
from shouxin.promises.facts import PromiseBroken
from shouxin.promises.firing import break_due, fire, next_instant, warn_due
from shouxin.promises.given import Given
from shouxin.promises.making import Making
from shouxin.promises.models import Promise, State
from shouxin.promises.tests.stories import CALLBACK, CASE, COMPLAINT, KEY, SERVICING, at, promised, told
from shouxin.record.subscribers import SUBSCRIBERS, subscribe

database = pytest.mark.database


@pytest.mark.django_db
def test_a_promise_breaks_at_its_due_instant_however_late_the_loop_looks():
    promise = promised(CALLBACK, start_at=at("11-24"))
    assert fire(at("11-24", "11:00")) == 0
    assert break_due(at("11-24", "12:00")) == 0
    assert break_due(at("11-24", "17:00")) == 1
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == (State.BROKEN, at("11-24", "12:00"))
    (broken,) = told("PromiseBroken")
    assert (broken["happened_at"], broken["outcome"], broken["actor"]) == (at("11-24", "12:00"), "broken", None)
    assert (broken["seconds"], broken["working_seconds"]) == (7200, 7200)
    assert broken["data"]["officer"] == "staff:1" and broken["team"] == "complaints-1"
    assert break_due(at("11-24", "18:00")) == 0 and len(told("PromiseBroken")) == 1


@pytest.mark.django_db
def test_it_is_warned_of_once_at_each_warning():
    promise = promised(COMPLAINT, start_at=at("11-22"))
    first, second = promise.warn_ats
    assert promise.warn_at == first and next_instant() == first
    assert [warn_due(first), warn_due(first + timedelta(hours=1))] == [1, 0]
    promise.refresh_from_db()
    assert promise.warn_at == second
    assert [warn_due(second), warn_due(second)] == [1, 0] and len(told("PromiseWarned")) == 2
    assert next_instant() == promise.due_at


@pytest.mark.django_db
def test_several_missed_warnings_are_given_as_one():
    promise = promised(COMPLAINT, start_at=at("11-22"))
    assert warn_due(promise.warn_ats[-1]) == 1 and warn_due(promise.due_at) == 0


@pytest.mark.django_db
def test_what_stands_still_or_has_ended_does_not_fire():
    paused = promised(SERVICING, start_at=at("11-23"))
    pause(paused, at=at("11-24"), reason="waiting_for_papers")
    keep(promised(SERVICING, start_at=at("11-23")), at=at("11-24"))
    assert fire(at("12-31")) == 0 and next_instant() is None


@pytest.mark.django_db
def test_an_overdue_promise_is_not_warned_of_as_well():
    promised(SERVICING, start_at=at("11-23"))
    assert fire(at("12-31")) == 1 and not told("PromiseWarned")


@pytest.mark.django_db
def test_live_breaches_are_heard_and_imported_ones_are_not():
    def hear_it(fact: int, data: dict) -> None:
        raise AssertionError("a subscriber runs in the worker, never here")

    subscribe(PromiseBroken, hear_it, name="tests.hear_it")
    try:
        promised(CALLBACK, start_at=at("11-24"))
        make(CALLBACK, subject=CASE, start_at=at("11-24"), calendar_key=KEY, source="import")
        break_due(at("11-25"))
    finally:
        SUBSCRIBERS["PromiseBroken"].pop("tests.hear_it")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'kind', args->'data'->>'subject' FROM procrastinate_jobs"
            " WHERE task_name = 'hear' AND args->>'hearer' = 'tests.hear_it'",
        )
        assert cursor.fetchall().count(("PromiseBroken", "case:4517")) == 1
    assert Counter(fact["source"] for fact in told("PromiseBroken")) == {"live": 1, "import": 1}


@pytest.mark.django_db
def test_a_batch_takes_no_more_than_it_should():
    for _ in range(3):
        promised(CALLBACK, start_at=at("11-24"))
    assert [break_due(at("11-25"), batch=2) for _ in range(3)] == [2, 1, 0]


# ── committed: threads and processes ──────────────────────────────────────────


def _overdue(count: int) -> None:
    """Promises that fell due a minute ago and nobody looked."""
    due_at = now() - timedelta(minutes=1)
    making = {"rule": Given("callback", due_at), "start_at": due_at - timedelta(hours=1), "calendar_key": KEY}
    pasts = [Past(making=Making(subject=Ref("case", number), **making)) for number in range(1, count + 1)]
    write_history(pasts, at=due_at - timedelta(minutes=30), origin="live")


def _fired_once_each(count: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT data->>'promise') FROM record_fact WHERE kind = 'PromiseBroken'"
        )
        return cursor.fetchone() == (count, count)


def _running() -> int:
    return Promise.objects.filter(state=State.RUNNING).count()


def _wait_until(met, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def _looping(stop: Event) -> Thread:
    def run() -> None:
        jobs.run(stop)
        connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


def _process() -> subprocess.Popen:
    """A worker of its own that runs the loop on this test's database."""
    at_home = connection.settings_dict
    url = (
        f"postgresql://{quote(at_home['USER'])}:{quote(at_home['PASSWORD'])}@/{at_home['NAME']}?host={at_home['HOST']}"
    )
    code = (
        "import django; django.setup()\n"
        "from threading import Event\n"
        "from shouxin.promises import firing, jobs\n"
        "firing.fire.__kwdefaults__['batch'] = 50\n"
        "jobs.run(Event())\n"
    )
    environment = os.environ | {
        "DATABASE_URL": f"{url}&port={at_home['PORT']}", "DATABASE_WEB_URL": "", "SHOUXIN_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment)


@database
def test_two_loops_at_once_fire_each_promise_once(own_database):
    _overdue(3000)
    stop = Event()
    loops = [_looping(stop), _looping(stop)]
    try:
        _wait_until(lambda: _running() == 0)
    finally:
        stop.set()
        for each in loops:
            each.join(10)
    assert _fired_once_each(3000)
    assert Promise.objects.filter(state=State.BROKEN).count() == 3000


@database
def test_a_worker_killed_on_the_way_loses_nothing_and_doubles_nothing(own_database):
    _overdue(4000)
    worker = _process()
    try:
        _wait_until(lambda: _running() < 4000)
        worker.kill()
        worker.wait(10)
        left = _running()
        assert 0 < left < 4000
        stop = Event()
        heir = _looping(stop)
        _wait_until(lambda: _running() == 0)
        stop.set()
        heir.join(10)
    finally:
        worker.kill()
        worker.wait(10)
    assert _fired_once_each(4000)


@database
def test_a_bell_wakes_the_sleeping_loop(own_database, monkeypatch):
    """Without the bell the loop would sleep for its whole fallback."""
    asleep = Event()
    sleeping = jobs.sleep
    monkeypatch.setattr(jobs, "sleep", lambda *args, **about: (asleep.set(), sleeping(*args, **about)))
    stop = Event()
    thread = _looping(stop)
    try:
        assert asleep.wait(10)
        due_at = now() + timedelta(seconds=1)
        make(Given("callback", due_at), subject=CASE, start_at=now(), calendar_key=KEY)
        _wait_until(lambda: _running() == 0, seconds=5)
        assert told("PromiseBroken")[0]["happened_at"] == due_at
    finally:
        stop.set()
        thread.join(10)


@pytest.mark.django_db
def test_the_bell_is_rung_only_for_what_is_near(django_assert_num_queries):
    with django_assert_num_queries(0):
        bell.ring_for([now() + timedelta(hours=1), None])
    with django_assert_num_queries(1) as rung:
        bell.ring_for([now() + timedelta(hours=1), now() + timedelta(seconds=40)])
    assert "pg_notify" in rung[0]["sql"]
