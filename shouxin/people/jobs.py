"""What the worker does for people."""

from procrastinate.contrib.django import app

from shouxin.people import actions, notices


@app.task(name=notices.MAIL_JOB, queue="mail", retry=notices.MAIL_RETRY)
def mail_notice(notice: int) -> None:
    notices.mail(notice)


@app.task(name=actions.TELL_FORMER_JOB, queue="mail", retry=notices.MAIL_RETRY)
def tell_former_address(staff: int) -> None:
    notices.tell_former_address(staff)
