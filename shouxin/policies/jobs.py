"""What the worker does for policies."""

from procrastinate.contrib.django import app

from shouxin.policies.importing import uploads


@app.task(name="policies.forget_upload", queue="imports")
def forget_upload(name: str) -> None:
    """An upload that nobody took over goes: it is full of people."""
    uploads.forget(name)


def forget_later(name: str) -> None:
    forget_upload.configure(schedule_in={"seconds": uploads.KEPT_SECONDS}).defer(name=name)
