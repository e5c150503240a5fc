"""How the parts are: asked by load balancers, by `bin/serve` and by the person on watch."""

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection

from shouxin.core.loops import FRESH_FOR, LOOPS

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
    }


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
