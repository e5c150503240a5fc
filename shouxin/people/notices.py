"""Telling staff: a notice in the app, and by mail to those who want it."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from shouxin.core.clock import now
from shouxin.people.address import link as link_to
from shouxin.people.mailing import sender
from shouxin.people.models import Function, Notice, Staff

# Notices with this key name somebody: they ask for nothing that others could have done meanwhile.
MENTION = "mention:"
MAIL_JOB = "people.mail_notice"
# A mail server that is away for a while is asked again, with longer and longer pauses for about an hour.
MAIL_RETRY = RetryStrategy(max_attempts=6, exponential_wait=5)


@transaction.atomic
def notify(
    staff: Staff, text: str | LazyText, *, url: str = "", at: datetime | None = None, key: str = ""
) -> Notice | None:
    """Tell one member of staff, in his language when `text` is lazy. A `key` that was told already: None.

    Never called for what was imported or belongs to the example: such facts are silent.
    """
    if not staff.is_active:
        return None
    with translation.override(staff.language):
        told = str(text)[:300]
    about = {"text": told, "url": url, "at": at or now()}
    if key:
        notice, is_new = Notice.objects.get_or_create(staff=staff, key=key, defaults=about)
        if not is_new:
            return None
    else:
        notice = Notice.objects.create(staff=staff, **about)
    if staff.email and staff.is_mailed_notices:
        app.configure_task(MAIL_JOB, queue="mail").defer(notice=notice.pk)
    return notice


@transaction.atomic
def mail(notice_id: int, *, at: datetime | None = None) -> bool:
    """Mail a notice once; False when it was mailed, read or is gone."""
    notice = (
        Notice.objects.select_for_update(no_key=True, of=("self",)).select_related("staff").filter(pk=notice_id).first()
    )
    if notice is None or notice.mailed_at or notice.read_at or not notice.staff.is_active:
        return False
    with translation.override(notice.staff.language):
        link = link_to(notice.url) if notice.url else ""
        body = "\n\n".join(filter(None, [notice.text, link, str(_("You can turn these e-mails off in your profile."))]))
        EmailMessage(
            subject=notice.text[:80].replace("\n", " "), body=body, from_email=sender(), to=[notice.staff.email]
        ).send()
    Notice.objects.filter(pk=notice.pk).update(mailed_at=at or now())
    return True


def mail_password_link(staff: Staff, path: str) -> None:
    """The link begins with the one public address, never with the name under which somebody asked."""
    with translation.override(staff.language):
        subject = render_to_string("people/password_mail_subject.txt").strip()
        body = render_to_string("people/password_mail.txt", {"user": staff, "link": link_to(path)})
        EmailMessage(subject=subject, body=body, from_email=sender(), to=[staff.email]).send()


def tell_former_address(staff_id: int) -> bool:
    """Tell the address that was given up; whoever owns the account may not know of the change."""
    staff = Staff.objects.filter(pk=staff_id).exclude(email_before="").first()
    if staff is None or staff.email_before == staff.email:
        return False
    with translation.override(staff.language):
        said = _(
            "Dear %(name)s,\nthe e-mail address of your account %(account)s has been changed; messages no longer come "
            "to this one.\nIf you did not ask for it, tell your administrator at once."
        )
        body = said % {"name": staff.name, "account": staff.account}
        EmailMessage(
            subject=_("Your e-mail address was changed"), body=body, from_email=sender(), to=[staff.email_before]
        ).send()
    return True


def tell_of_many_tries(account: str, *, at: datetime) -> None:
    """Tell whose account is tried from everywhere, and the administrators; once a day."""
    staff = Staff.objects.serving().filter(account=account).first()
    if staff is None:
        return
    text = format_lazy(gettext_lazy("Many wrong passwords were tried for the account {account}."), account=account)
    administrators = Staff.objects.serving().filter(functions__contains=[Function.ADMIN])
    for each in {staff, *administrators}:
        notify(each, text, at=at, key=f"tried:{account}:{at:%Y%m%d}"[:120])


def mark_read(notice: Notice, *, at: datetime | None = None) -> None:
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at or now())


def settle(url: str, *, staff: Staff | None = None, at: datetime | None = None) -> int:
    """What the notices about this page asked for is done: they count as read, for everybody or for one; how many."""
    asking = Notice.objects.filter(url=url, read_at=None).exclude(key__startswith=MENTION)
    return (asking.filter(staff=staff) if staff else asking).update(read_at=at or now()) if url else 0


def mark_all_read(staff: Staff, *, at: datetime | None = None) -> int:
    """Everything that was told until now counts as read; returns how many were not."""
    at = at or now()
    return Notice.objects.filter(staff=staff, read_at=None, at__lte=at).update(read_at=at)
