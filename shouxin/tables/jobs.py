"""What the worker does with files."""

from procrastinate.contrib.django import app

from shouxin.core.clock import now
from shouxin.tables import uploads
from shouxin.tables.models import ImportRun
from shouxin.tables.runs import carry_out_run


@app.task(name="tables.carry_out", queue="imports", pass_context=False)
def carry_out(run: int) -> None:
    carry_out_run(run)


@app.periodic(cron="37 3 * * *")
@app.task(name="tables.remove_old", queueing_lock="tables.remove_old", pass_context=False)
def remove_old(timestamp: int = 0) -> None:
    """Reports name people; who needs one longer keeps it where such files belong."""
    uploads.remove_old(now())


@app.task(name="tables.forget_upload", queue="imports", pass_context=False)
def forget_upload(name: str, run: int) -> None:
    """A file that nobody took over goes: it is full of people. One that is being read goes when it was."""
    reading = [each for each in ImportRun.objects.filter(file=name, finished_at=None) if not each.is_silent(now())]
    if not reading:
        ImportRun.objects.filter(file=name).update(file="")
        uploads.forget(name)
