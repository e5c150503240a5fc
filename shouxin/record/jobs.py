"""The loop that seals: twice a minute, it closes a batch, lets heads and erasures leave, and makes months ahead."""

from datetime import datetime

from shouxin.core.clock import now
from shouxin.core.loops import Stop, loop
from shouxin.record.erasing import export_erasures
from shouxin.record.heads import export_heads
from shouxin.record.partitions import make_partitions
from shouxin.record.sealing import seal_once

EVERY = 20.0


@loop("sealing")
def seal_forever(stop: Stop) -> None:
    while not stop.is_set():
        seal_and_export(now(), stop)
        stop.wait(EVERY)


def seal_and_export(at: datetime, stop: Stop) -> None:
    """One round; safe to run twice, and by two at once."""
    make_partitions(at)
    seal_once(at, alive=stop.is_set)
    export_erasures()
    export_heads(at)
