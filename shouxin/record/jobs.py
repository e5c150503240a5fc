"""The loop that seals: it closes a batch, lets heads and erasures leave, makes months ahead; and a nightly sweep."""

from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from shouxin.core.clock import now
from shouxin.core.loops import Stop, loop
from shouxin.record.erasing import export_erasures
from shouxin.record.heads import export_heads
from shouxin.record.partitions import make_partitions
from shouxin.record.sealing import seal_once
from shouxin.record.subscribers import forget_deliveries

EVERY = 20.0
# A job is delivered again within hours, if at all; a queue that was stopped is looked at within a month.
DELIVERIES_KEPT = timedelta(days=30)


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


@app.periodic(cron="47 3 * * *")
@app.task(name="record.forget_deliveries", queueing_lock="record.forget_deliveries", pass_context=False)
def forget_old_deliveries(timestamp: int = 0) -> None:
    """The ledger of deliveries keeps what a job could still repeat."""
    forget_deliveries(now() - DELIVERIES_KEPT)
