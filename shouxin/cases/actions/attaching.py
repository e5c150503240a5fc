"""Files of a case: kept outside the database, with a row each."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from shouxin.cases.actions.moving import require_sight
from shouxin.cases.models import Attachment, Case, Touch
from shouxin.core import files
from shouxin.core.clock import now
from shouxin.core.files import Stored
from shouxin.people.models import Staff


@transaction.atomic
def attach(case: Case, *, by: Staff, stored: Stored, at: datetime | None = None) -> Attachment:
    """A file that goes out with the next answer of this person; until then it waits like a draft."""
    require_sight(by, case)
    return Attachment.objects.create(case=case, added_by=by, added_at=at or now(), **_row(files.keep(stored)))


def attach_all(touch: Touch, stored: Iterable[Stored], *, by: Staff | None) -> list[Attachment]:
    """The files that came or go with a touch, and those that waited for it."""
    kept = [files.keep(each) for each in sorted(stored, key=lambda each: each.checksum)]  # held in one order
    rows = [Attachment(case=touch.case, touch=touch, added_by=by, added_at=touch.at, **_row(each)) for each in kept]
    made = Attachment.objects.bulk_create(rows) if rows else []
    if by is not None:
        waiting = Attachment.objects.filter(case=touch.case, touch=None, added_by=by, erased_at=None)
        if found := list(waiting):
            waiting.update(touch=touch)
            made += found
    return made


@transaction.atomic
def detach(attachment: Attachment, *, by: Staff) -> None:
    """Take away a file that was not sent yet."""
    gone, _rows = Attachment.objects.filter(pk=attachment.pk, touch=None, added_by=by).delete()
    if gone:
        transaction.on_commit(lambda: remove_unused(attachment.checksum))


def erase_files(attachments: QuerySet[Attachment], *, at: datetime) -> None:
    """Name and content go, the rows remain; in the erasing transaction, the files when it is through."""
    checksums = set(attachments.values_list("checksum", flat=True))
    attachments.filter(erased_at=None).update(name="", erased_at=at)
    for checksum in checksums:
        transaction.on_commit(lambda checksum=checksum: remove_unused(checksum), robust=True)


@transaction.atomic
def remove_unused(checksum: str) -> bool:
    """Remove the file when no row names it any more; whether it was removed. Who is about to name it is waited for."""
    files.hold(checksum)
    if Attachment.objects.filter(checksum=checksum, erased_at=None).exists():
        return False
    files.remove(checksum)
    return True


def remove_unnamed(*, before: datetime) -> int:
    """Remove files that no row names and that were stored before this instant; returns how many."""
    found = list(files.stored_before(before.timestamp()))
    named = Attachment.objects.filter(checksum__in=found, erased_at=None).values_list("checksum", flat=True)
    return sum(remove_unused(checksum) for checksum in {*found} - {*named})


def note_damage(checksum: str, *, at: datetime | None = None) -> None:
    """What lies on the disk is not what was stored: the person on watch is told on the health page."""
    Attachment.objects.filter(checksum=checksum, erased_at=None, damaged_at=None).update(damaged_at=at or now())


def check_files(*, at: datetime | None = None) -> int:
    """Read every file that a row names; returns how many rows are without theirs. Files that were healed are noted."""
    at = at or now()
    named = Attachment.objects.filter(erased_at=None).order_by("checksum").values_list("checksum", flat=True).distinct()
    for checksum in named.iterator(chunk_size=2000):
        if files.is_whole(checksum):
            Attachment.objects.filter(checksum=checksum).exclude(damaged_at=None).update(damaged_at=None)
        else:
            note_damage(checksum, at=at)
    return Attachment.objects.damaged().count()


def _row(stored: Stored) -> dict[str, object]:
    return {
        "name": stored.name, "media_type": stored.media_type, "size": stored.size, "checksum": stored.checksum,
    }  # fmt: skip
