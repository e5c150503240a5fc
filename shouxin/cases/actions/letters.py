"""What leaves the house: queued in the transaction of the answer, sent by a job, never twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from shouxin.cases import queries, rules
from shouxin.cases.actions.moving import about, locked, require_service, seconds_between
from shouxin.cases.actions.promising import follow
from shouxin.cases.channels import CHANNELS, NotSent, Outbound
from shouxin.cases.checking import to_check
from shouxin.cases.facts import LetterDelivered, LetterFailed, LetterFiled, LetterSent
from shouxin.cases.models import Attachment, Case, Letter, Touch
from shouxin.core.clock import now
from shouxin.core.files import read
from shouxin.core.guards import Refused
from shouxin.core.mailing import forget_mail
from shouxin.core.slots import text_of
from shouxin.people.models import Staff
from shouxin.promises.actions import pause_about, resume_about
from shouxin.record.recording import SILENT, record

TRIES = 6
# What a person has to post: it arrives when its receipt says so. All else has arrived when it was sent or said.
BY_POST = "letter"
# Begun so long ago without an end, nobody knows whether it left.
LOST_AFTER = timedelta(minutes=15)


def queue_letter(
    case: Case, *, touch: Touch | None, channel: str, title: str = "", attachments: Iterable[Attachment] = (),
    at: datetime,
) -> Letter | None:  # fmt: skip
    """Put a letter into the outbox, in the caller's transaction. None when we know no address for this channel."""
    address = queries.address_of(case, channel)
    if not address or case.source in SILENT:
        return None
    letter = Letter.objects.create(
        case=case, touch=touch, channel=channel, address=address, queued_at=at,
        title=title or _("About your request %(number)s") % {"number": case.number},
        message_id=f"<{case.number}.{uuid4().hex}@{rules.mail_domain()}>",
    )  # fmt: skip
    if attachments := list(attachments):
        letter.attachments.set(attachments)
    if channel in CHANNELS and CHANNELS[channel].send:
        defer_sending(letter)
    return letter


def defer_sending(letter: Letter, *, after: timedelta = timedelta()) -> None:
    """A job that names the letter by its number alone: nothing personal waits in a queue."""
    job = app.configure_task("cases.send_letter", queue="letters", schedule_in={"seconds": int(after.total_seconds())})
    job.defer(letter=letter.pk)


def send_letter(letter_id: int, *, at: datetime | None = None) -> bool:
    """Send a letter that nobody began to send; whether it is done. Called by the job, outside any transaction.

    Without a mail server it is filed, and the record says so.
    """
    at = at or now()
    fresh = Letter.objects.filter(pk=letter_id, sent_at=None, begun_at=None, failed_at=None)
    if not fresh.update(begun_at=at):
        return False
    letter = Letter.objects.select_related("case", "touch").get(pk=letter_id)
    Letter.objects.filter(pk=letter_id).update(tries=letter.tries + 1)
    letter.tries += 1
    try:
        has_left = CHANNELS[letter.channel].send(_outbound(letter))
    except NotSent as problem:
        _not_sent(letter, problem, at)
        return False
    except Exception as problem:  # noqa: BLE001 - whatever the sender raises, the officer must see it
        _failed(letter, type(problem).__name__, at)
        return False
    with transaction.atomic():
        Letter.objects.filter(pk=letter_id).update(sent_at=at, failure="")
        seconds = seconds_between(letter.queued_at, at)
        told = LetterFiled if has_left is False else LetterSent
        record(told(**_about(letter), letter=letter.pk, seconds=seconds), at=at, source=letter.case.source)
    if Letter.objects.filter(pk=letter_id, address="").exists():  # erased while it was being sent
        forget_mail(letter.case.ref, only=[letter.message_id])
    return True


def _outbound(letter: Letter) -> Outbound:
    files = [(each.name, each.media_type, read(each.checksum)) for each in letter.attachments.filter(erased_at=None)]
    said = queries.body_of(letter.touch) if letter.touch else ""
    body = "\n\n".join(filter(None, [said, text_of("case.letter_link", case=letter.case, letter=letter)]))
    about = {"message_id": letter.message_id, "about": letter.case.ref}
    return Outbound(to=letter.address, title=letter.title, body=body, files=files, **about)


def _about(letter: Letter) -> dict:
    case = Case.objects.with_people().get(pk=letter.case_id)
    return {**about(case, None), "channel": letter.channel}


def _not_sent(letter: Letter, problem: NotSent, at: datetime) -> None:
    """Surely still here: try again later, and again later, and then say so."""
    if letter.tries >= TRIES:
        _failed(letter, str(problem), at)
        return
    with transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(begun_at=None, failure=str(problem)[:200])
        defer_sending(letter, after=timedelta(minutes=2**letter.tries))


@transaction.atomic
def _failed(letter: Letter, why: str, at: datetime) -> bool:
    """Tell that it failed, unless it was sent meanwhile."""
    unsent = Letter.objects.filter(pk=letter.pk, sent_at=None, failed_at=None)
    if not unsent.update(failed_at=at, failure=why[:200]):
        return False
    record(LetterFailed(**_about(letter), letter=letter.pk, failure=why[:200]), at=at, source=letter.case.source)
    return True


def give_up_lost_letters(*, at: datetime | None = None) -> int:
    """Letters whose sending began and never ended: whether they left is not known, so a person decides."""
    at = at or now()
    lost = Letter.objects.select_related("case").filter(sent_at=None, failed_at=None, begun_at__lt=at - LOST_AFTER)
    return sum(_failed(letter, "unknown", at) for letter in lost[:500])


@transaction.atomic
def retry_letter(letter: Letter, *, by: Staff, at: datetime | None = None) -> Letter:
    """Send a failed letter again, to the address we have now."""
    letter = Letter.objects.select_for_update(no_key=True, of=("self",)).get(pk=letter.pk)
    case = Case.objects.with_people().get(pk=letter.case_id)
    require_service(by, case, at or now())
    if letter.failed_at is None or letter.sent_at is not None:
        raise Refused(_("This letter did not fail."))
    letter.address = queries.address_of(case, letter.channel) or letter.address
    letter.begun_at = letter.failed_at = None
    letter.failure = ""
    letter.save(update_fields=["address", "begun_at", "failed_at", "failure"])
    defer_sending(letter)
    return letter


@transaction.atomic
def letter_posted(letter: Letter, *, by: Staff, at: datetime | None = None) -> Letter:
    """A letter on paper went to the post."""
    at = at or now()
    letter = Letter.objects.select_for_update(no_key=True, of=("self",)).select_related("case").get(pk=letter.pk)
    require_service(by, letter.case, at)
    if letter.sent_at is None:
        letter.begun_at = letter.sent_at = at
        letter.save(update_fields=["begun_at", "sent_at"])
        fact = LetterSent(**_about(letter) | {"actor": by.ref}, letter=letter.pk)
        record(fact, at=at, source=letter.case.source)
    return letter


@transaction.atomic
def letter_delivered(letter: Letter, *, by: Staff, at: datetime) -> Letter:
    """It reached the customer at `at`, as the receipt says; a first request for documents stops terms from there.

    Twice is once. Who serves the case today may record it, whoever served it on the day of arrival.
    """
    case = locked(letter.case)
    letter = Letter.objects.select_for_update(no_key=True, of=("self",)).select_related("touch").get(pk=letter.pk)
    letter.case = case
    require_service(by, case, now())
    if letter.sent_at is None or at < letter.sent_at:
        raise Refused(_("A letter can be delivered only after it was sent."))
    if letter.delivered_at is not None:
        return letter
    letter.delivered_at = at
    letter.save(update_fields=["delivered_at"])
    record(LetterDelivered(**_about(letter) | {"actor": by.ref}, letter=letter.pk), at=at, source=case.source)
    if letter.channel == BY_POST and letter.touch:
        notice_arrived(case, asked_at=letter.touch.at, at=at, by=by)
        follow(case)
    return letter


def notice_arrived(case: Case, *, asked_at: datetime, at: datetime, by: Staff) -> None:
    """The first request for documents reached the customer: the terms that stop from its arrival stop now."""
    first = case.papers.filter(asked_at__isnull=False).order_by("asked_at").values_list("asked_at", flat=True).first()
    missing = [paper.title for paper in case.papers.filter(asked_at=asked_at) if paper.is_missing]
    if first == asked_at and missing:
        pause_about(case.ref, at=at, reason=queries.PAPERS_NOTICE, waiting_for="、".join(missing), by=by.ref)
        # Recorded late, the documents may have come before it: the terms stood still only until then.
        if len(came := to_check(case)) >= len(missing):
            here = max(at, came[len(missing) - 1].touch.at)
            resume_about(case.ref, at=here, reason=queries.PAPERS_NOTICE, by=by.ref)
