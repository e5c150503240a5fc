"""Named loops: what must always run in the worker, each in its own thread with its own connection.

A room registers one in its `door.py` or `jobs.py`::

    @loop("sealing")
    def seal_forever(stop: Stop) -> None:
        while not stop.wait(5):
            seal_what_is_due()

Asking `stop` (`stop.wait(seconds)`, `stop.is_set()`) is also the loop's sign of life, so ask at least once in
`SILENCE` seconds. A loop that raises is started again, after a pause that grows.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, connections

from shouxin.core.clock import now

logger = logging.getLogger(__name__)

SILENCE = 90.0  # seconds after which a loop that says nothing counts as stuck
REPORT_EVERY = 2.0
FRESH_FOR = timedelta(seconds=15)  # a report older than this comes from a worker that is gone
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0

LOOPS: dict[str, Callable[["Stop"], None]] = {}


class Stop(threading.Event):
    """Set when the worker ends; every question to it says that the loop is alive."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_at = time.monotonic()
        self.trouble = ""

    def is_set(self) -> bool:
        self.asked_at = time.monotonic()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self.asked_at = time.monotonic()
        stopped = super().wait(timeout)
        self.asked_at = time.monotonic()
        return stopped

    def state(self) -> str:
        if self.trouble:
            return "failing"
        return "ok" if time.monotonic() - self.asked_at < SILENCE else "stuck"


def loop(name: str) -> Callable[[Callable[[Stop], None]], Callable[[Stop], None]]:
    """Register `run(stop)` as the loop of this name."""

    def register(run: Callable[[Stop], None]) -> Callable[[Stop], None]:
        if LOOPS.setdefault(name, run) is not run:
            raise ValueError(f"the loop {name!r} is registered twice")
        return run

    return register


def keep_running(name: str, run: Callable[[Stop], None], stop: Stop) -> None:
    """Run the loop until it is stopped; after an error again, with a growing pause."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        began = time.monotonic()
        try:
            close_old_connections()
            run(stop)
        except Exception as problem:
            stop.trouble = f"{type(problem).__name__}: {problem}"[:500]
            logger.exception("the loop %s failed; again in %.1f s", name, pause)
            connections.close_all()
            pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        if stop.wait(pause):
            break
        stop.trouble = ""
    connections.close_all()


class Loops:
    """All registered loops, and one reporter that tells the database how they are."""

    def __init__(self, loops: dict[str, Callable[[Stop], None]] | None = None) -> None:
        self.stops = {name: Stop() for name in (LOOPS if loops is None else loops)}
        self.threads = [
            threading.Thread(target=keep_running, args=(name, run, self.stops[name]), name=name, daemon=True)
            for name, run in (LOOPS if loops is None else loops).items()
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def report(self) -> None:
        """Write one row for each loop; called by the worker every `REPORT_EVERY` seconds."""
        write_heartbeats({name: (stop.state(), stop.trouble) for name, stop in self.stops.items()}, now())

    def stop(self, patience: float = 10) -> None:
        for stop in self.stops.values():
            stop.set()
        deadline = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))


def write_heartbeats(states: dict[str, tuple[str, str]], at: datetime) -> None:
    """One row for each name: its latest state, and the instant it was told."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO core_heartbeat (name, state, trouble, beat_at) VALUES (%s, %s, %s, %s) ON CONFLICT (name) "
            "DO UPDATE SET state = excluded.state, trouble = excluded.trouble, beat_at = excluded.beat_at",
            [(name, state, trouble, at) for name, (state, trouble) in sorted(states.items())],
        )
