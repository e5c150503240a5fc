"""What the worker does for people."""

from procrastinate.contrib.django import app

from shouxin.people import notices


@app.task(name=notices.MAIL_JOB, queue="mail")
def mail_notice(notice: int) -> None:
    notices.mail(notice)
