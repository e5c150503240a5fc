"""What the worker does for people."""

from procrastinate.contrib.django import app

from shouxin.core.clock import now
from shouxin.core.limits import forget_old_knocks
from shouxin.people import actions, notices
from shouxin.people.models import Staff


@app.task(name=notices.MAIL_JOB, queue="mail", retry=notices.MAIL_RETRY)
def mail_notice(notice: int) -> None:
    notices.mail(notice)


@app.task(name=actions.RESET_JOB, queue="mail", retry=notices.MAIL_RETRY)
def mail_password_link(staff: int) -> None:
    found = Staff.objects.serving().filter(pk=staff).first()
    if found and found.email:
        notices.mail_password_link(found, actions.path_for_password(found))


@app.periodic(cron="17 * * * *")
@app.task(name="people.forget_old_knocks", queueing_lock="people.forget_old_knocks", pass_context=False)
def forget_knocks(timestamp: int = 0) -> None:
    forget_old_knocks(now())


@app.periodic(cron="5 * * * *")
@app.task(name="people.end_departed", queueing_lock="people.end_departed", pass_context=False)
def end_departed(timestamp: int = 0) -> None:
    """A last day that was announced acts when it is over, by the clock of the company."""
    actions.end_departed()


@app.task(name=actions.TELL_FORMER_JOB, queue="mail", retry=notices.MAIL_RETRY)
def tell_former_address(staff: int) -> None:
    notices.tell_former_address(staff)
