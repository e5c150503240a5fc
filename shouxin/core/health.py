"""How the parts are: asked by load balancers, by `bin/serve` and by the person on watch."""

import shutil
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection

from shouxin.core.loops import FRESH_FOR, LOOPS

# Told in words on /healthz and the health page; the answer stays 200, as everybody is still served.
WARNINGS = {("jobs", "set aside"), ("disk", "low")}
DISK_LOW, DISK_FULL = 500 * 2**20, 50 * 2**20
PARTS = ("web", "database", "worker", "sealing")


def parts(at: datetime) -> dict[str, str]:
    """The state of each part: "ok", or a word that says what is wrong with it."""
    try:
        beats = _beats()
    except DatabaseError:
        connection.close()
        return {"web": "ok", "database": "unreachable", "worker": "unknown", "sealing": "unknown"}
    return {
        "web": "ok",
        "database": "ok",
        "worker": _worst(beats, ["worker", *(name for name in LOOPS if name != "sealing")], at),
        "sealing": _worst(beats, ["sealing"], at),
        **_warnings(),
    }


def _warnings() -> dict[str, str]:
    """Named only where something is wrong."""
    found = {"disk": disk(), "jobs": "set aside" if jobs_set_aside() else "ok"}
    return {name: state for name, state in found.items() if state != "ok"}


def disk() -> str:
    """Whether there is room on the disk of the home: "ok", "low" or "full"."""
    try:
        free = shutil.disk_usage(settings.HOME).free
    except OSError:
        return "ok"
    return "full" if free < DISK_FULL else "low" if free < DISK_LOW else "ok"


def jobs_set_aside() -> list[tuple[int, str]]:
    """Background jobs that ended the worker again and again: number and task."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed' AND EXISTS (SELECT 1 FROM core_knock"
            " WHERE door = 'set-aside:' || procrastinate_jobs.id) ORDER BY id LIMIT 20"
        )
        return cursor.fetchall()


def _beats() -> dict[str, tuple[str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, state, beat_at FROM core_heartbeat")
        return {name: (state, beat_at) for name, state, beat_at in cursor.fetchall()}


def _worst(beats: dict[str, tuple[str, datetime]], names: list[str], at: datetime) -> str:
    states = [_state(beats.get(name), at) for name in names]
    return next((state for state in states if state != "ok"), "ok")


def _state(beat: tuple[str, datetime] | None, at: datetime) -> str:
    if beat is None or (settings.SHOUXIN_STARTED_AT and beat[1].timestamp() < settings.SHOUXIN_STARTED_AT):
        return "starting"
    return beat[0] if at - beat[1] < FRESH_FOR else "gone"
