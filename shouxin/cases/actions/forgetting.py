"""Erasure reaches what this room keeps beside the record: search words, drafts, files, addresses, what was claimed."""

from collections.abc import Collection

from django.db import transaction

from shouxin.cases import searching
from shouxin.cases.actions.attaching import erase_files
from shouxin.cases.actions.moving import locked_all
from shouxin.cases.models import Attachment, Case, CaseWords, Draft, Letter, Touch
from shouxin.core.audience import Audience
from shouxin.core.mailing import forget_mail
from shouxin.record.erasing import Erasing
from shouxin.record.queries import entries_of


def forget(erasing: Erasing) -> None:
    """Erase our copies of what the record erases, in its transaction; safe to run twice."""
    cases = [ref.id for ref in erasing.subjects if ref.kind == Case.ref_kind]
    for case in locked_all(Case(pk=pk) for pk in cases):
        _forget_in(case, erasing)


def _forget_in(case: Case, erasing: Erasing) -> None:
    touches = Touch.objects.filter(case=case)
    gone = touches.filter(fact__in=erasing.facts)
    first = touches.order_by("at", "id").first()
    is_whole = erasing.person is not None and erasing.person in {case.person, case.ref}
    files, letters = Attachment.objects.filter(case=case), Letter.objects.filter(case=case)
    if not is_whole:
        files, letters = files.filter(touch__in=gone), letters.filter(touch__in=gone)
    erase_files(files.filter(erased_at=None), at=erasing.at)
    sent = None if is_whole else list(letters.values_list("message_id", flat=True))
    transaction.on_commit(lambda: forget_mail(case.ref, only=sent, known_as=case.number))
    letters.update(address="", title="")
    Draft.objects.filter(case=case).delete()
    if is_whole or (first is not None and first.fact in erasing.facts):
        case.subject = case.claimed_name = case.claimed_phone = case.claimed_email = ""
        case.save(update_fields=["subject", "claimed_name", "claimed_phone", "claimed_email"])
    left = [] if is_whole else touches.exclude(fact__in=erasing.facts).values_list("fact", flat=True)
    _find_by_what_is_left(case, left, is_whole=is_whole)


def _find_by_what_is_left(case: Case, facts: Collection[int | None], *, is_whole: bool) -> None:
    """The search words made anew from what the case still says."""
    bodies = [entry.content.get("body", "") for entry in entries_of([f for f in facts if f], Audience.STAFF)]
    texts = [] if is_whole else [*searching.texts_of(case), *bodies]
    words = searching.case_words(case.number, case.opened_at, texts)
    CaseWords.objects.filter(case=case).update(words=words)
