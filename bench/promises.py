"""100,000 promises due in one minute, by two workers of which one is killed on the way: all fired, once each.

Works in a database of its own on the server of DATABASE_URL, made and dropped here.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS, WITHIN_SECONDS, MINUTE = 2, 90, timedelta(minutes=1)
KILLED_AFTER = 0.3  # of what there is to fire
CHUNK = 10_000


def run(promises: int = 100_000) -> list[dict]:
    """The figures of this bench."""
    _set_up()
    from django.db import connection

    home = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return _measured(promises)
    finally:
        connection.creation.destroy_test_db(home, verbosity=0)


def _measured(promises: int) -> list[dict]:
    from django.db import connection

    from shouxin.core.clock import now

    began = time.perf_counter()
    first_due_at = now() + timedelta(seconds=15 + promises / 2500)
    _fill(promises, first_due_at)
    filled = time.perf_counter() - began
    workers = [_worker() for _ in range(WORKERS)]
    try:
        _wait(promises, promises * KILLED_AFTER, first_due_at)
        workers[0].kill()
        _wait(promises, promises, first_due_at)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT data->>'promise'), extract(epoch FROM max(recorded_at) - %s),"
            " percentile_disc(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM recorded_at - happened_at))"
            " FROM record_fact WHERE kind = 'PromiseBroken'",
            [first_due_at],
        )
        fired, different, took, late = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        heard = cursor.fetchone()[0]
    return [
        _figure("promises-fired-within", round(float(took), 1), "s", WITHIN_SECONDS, took <= WITHIN_SECONDS),
        _figure("promises-fired", fired, "promises", promises, fired == promises),
        _figure("promises-fired-twice", fired - different, "promises", 0, fired == different),
        _figure("promises-late-p95", round(float(late), 2), "s", None, None),
        _figure("promises-heard-jobs", heard, "jobs", None, None),
        _figure("promises-copied", round(promises / filled), "promises/s", None, None),
    ]


def _figure(name: str, value: float, unit: str, target: float | None, met: bool | None) -> dict:
    return {"name": name, "value": value, "unit": unit, "target": target, "met": met}


def _fill(promises: int, first_due_at) -> None:
    """Running promises, due evenly over one minute."""
    from django.db import connection

    from shouxin.core.refs import Ref
    from shouxin.promises.bulk import Past, write_history
    from shouxin.promises.given import Given
    from shouxin.promises.making import Making

    start_at, step = first_due_at - timedelta(hours=3), MINUTE / promises
    dims = {"team": "complaints-1", "post": "EC", "branch": "taipei", "service": "A15", "officer": "staff:1"}
    for begin in range(0, promises, CHUNK):
        pasts = [
            Past(
                making=Making(
                    rule=Given("callback", first_due_at + number * step), subject=Ref("case", number + 1), dims=dims,
                    start_at=start_at, calendar_key="TW:台北市", person=Ref("customer", number + 1),
                )
            )
            for number in range(begin, min(begin + CHUNK, promises))
        ]  # fmt: skip
        write_history(pasts, at=start_at, origin="live")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE promises_promise SET warn_at = NULL")
        cursor.execute("ANALYZE")


def _wait(promises: int, fired: float, first_due_at) -> None:
    """Until so many have fired; gives up long after the target."""
    from shouxin.core.clock import now
    from shouxin.promises.models import Promise, State

    running = Promise.objects.filter(state=State.RUNNING)
    while promises - running.count() < fired:
        if now() > first_due_at + timedelta(seconds=4 * WITHIN_SECONDS):
            return
        time.sleep(0.5)


def _worker() -> subprocess.Popen:
    from django.db import connection

    environment = os.environ | {"SHOUXIN_BENCH_DATABASE": connection.settings_dict["NAME"]}
    return subprocess.Popen([sys.executable, __file__, "worker"], cwd=ROOT, env=environment)


def _work() -> None:
    """What a worker does for promises: its loop, until it is killed."""
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["SHOUXIN_BENCH_DATABASE"]
    _set_up()
    from threading import Event

    from shouxin.promises.facts import PromiseBroken
    from shouxin.promises.jobs import run as run_loop
    from shouxin.record.subscribers import SUBSCRIBERS, subscribe

    if not SUBSCRIBERS[PromiseBroken.__name__]:
        subscribe(PromiseBroken, _heard, name="bench.heard")
    run_loop(Event())


def _heard(fact: int, told: dict) -> None:
    """Stands for the room that tells the team leader: every breach costs a job."""


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SHOUXIN_ROLE", "owner")
    sys.path[:0] = [path for path in [str(ROOT)] if path not in sys.path]
    import django

    django.setup()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SHOUXIN_ROLE", "owner")
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:] == ["worker"]:
        _work()
    else:
        for figure in run():
            print(figure)
