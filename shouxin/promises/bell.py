"""The bell of the firing loop: rung only for what falls due before the loop would look again by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from shouxin.core.clock import now

CHANNEL = "promises"
LOOK_AGAIN_SECONDS = 30
# A loop that looked just before our commit looks again after LOOK_AGAIN_SECONDS; twice that is safe.
SOON = timedelta(seconds=2 * LOOK_AGAIN_SECONDS)


def ring_for(instants: Iterable[datetime | None]) -> None:
    """Wake the loop, at commit, if one of these instants lies so near that it would come too late."""
    horizon = now() + SOON
    if any(instant is not None and instant < horizon for instant in instants):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
