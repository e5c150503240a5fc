"""In the background: the loop that fires, and reckoning anew when a calendar changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import psycopg
from django.db import connection
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from shouxin.core.clock import now
from shouxin.core.loops import loop
from shouxin.promises.bell import CHANNEL, LOOK_AGAIN_SECONDS
from shouxin.promises.firing import fire, next_instant
from shouxin.promises.redue import redue_changed
from shouxin.record.subscribers import RETRIES

# How often a sleeping loop looks whether it should stop.
BLINK_SECONDS = 0.5


def redue_after_declaration(fact_id: int, told: dict[str, Any]) -> None:
    """A day was declared closed or open: what runs by that calendar is reckoned anew."""
    recalculate.defer(detail=str(told.get("told_by", "")))


def redue_after_hours(fact_id: int, told: dict[str, Any]) -> None:
    """An office is open at other hours: the same, since what runs there counts other hours now."""
    recalculate.defer(detail=gettext("The office hours were changed."))


@app.task(name="promises.recalculate", queue="hearing", pass_context=False, retry=RETRIES)
def recalculate(detail: str) -> None:
    """Recalculate every open promise whose calendar has another version now; commits in parts, safe to run twice."""
    redue_changed(now(), detail=detail)


@loop("promises")
def run(stop: Event) -> None:
    """Fire what falls due until told to stop. After an error the worker starts it again: nothing is lost meanwhile."""
    redue_changed(now())
    with listening() as bell:
        while not stop.is_set():
            if fire(now()) == 0:
                sleep(bell, until=next_instant(), stop=stop)


@contextmanager
def listening() -> Iterator[psycopg.Connection]:
    """A connection of its own that hears the bell."""
    settings = connection.get_connection_params()
    wanted = {name: settings[name] for name in ("dbname", "user", "password", "host", "port") if settings.get(name)}
    with psycopg.connect(**wanted, autocommit=True) as bell:
        bell.execute(f"LISTEN {CHANNEL}")
        yield bell


def sleep(bell: psycopg.Connection, *, until: datetime | None, stop: Event) -> None:
    """Sleep until that instant, the bell, the fallback, or the end."""
    fallback = now() + timedelta(seconds=LOOK_AGAIN_SECONDS)
    wake_at = min(until, fallback) if until else fallback
    while not stop.is_set() and (left := (wake_at - now()).total_seconds()) > 0:
        for _heard in bell.notifies(timeout=min(left, BLINK_SECONDS), stop_after=1):
            return
