"""What the worker of this machine does for the figures."""

from procrastinate.contrib.django import app

from shouxin.measures.store import store


@app.periodic(cron="*/5 * * * *")
@app.task(name="measures.copy", queue="measures", queueing_lock="measures.copy", pass_context=False)
def keep_copy(timestamp: int) -> None:
    """Copy what was recorded since, so that no page has to. Safe to run at any time, by any number of workers."""
    store().open()
