"""Erasure reaches what this room keeps beside the record: search words, drafts, files, addresses, what was claimed."""

from collections.abc import Collection
from datetime import timedelta
from urllib.parse import parse_qsl

from django.db import transaction

from shouxin.cases import queries, searching
from shouxin.cases.actions.attaching import erase_files, remove_unnamed
from shouxin.cases.actions.moving import locked_all
from shouxin.cases.models import Attachment, Case, CaseTag, CaseWords, Draft, Letter, Paper, SavedView, Tag, Touch
from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.mailing import forget_mail
from shouxin.core.refs import Ref
from shouxin.record.erasing import Erasing
from shouxin.record.queries import entries_of

# A file may lie for a while before its row is written; older ones without a row belong to nobody.
UNNAMED_FOR = timedelta(hours=1)
NOTHING = "–"


def own_cases(refs: Collection[Ref]) -> list[Ref]:
    """All cases of these customers, whoever their facts were recorded for."""
    customers = [ref.id for ref in refs if ref.kind == "customer"]
    found = Case.objects.filter(customer__in=customers).values_list("pk", flat=True)
    return [Ref(Case.ref_kind, pk) for pk in found]


def claimed_words(erasing: Erasing) -> list[str]:
    """By what the person called themselves in their cases, and the numbers of these."""
    cases = [ref.id for ref in erasing.subjects if ref.kind == Case.ref_kind]
    found = Case.objects.filter(pk__in=cases).only(*_CLAIMED, "customer_id")
    mine = [case for case in found if _is_whole(case, erasing)]
    return [word for case in mine for name in _CLAIMED if (word := getattr(case, name))]


_CLAIMED = ("claimed_name", "claimed_phone", "claimed_email")


def forget(erasing: Erasing) -> None:
    """Erase our copies of what the record erases, in its transaction; safe to run twice."""
    cases = [ref.id for ref in erasing.subjects if ref.kind == Case.ref_kind]
    for case in locked_all(Case(pk=pk) for pk in cases):
        _forget_in(case, erasing)
    if erasing.person is not None:
        _forget_views(erasing)
        transaction.on_commit(lambda: remove_unnamed(before=now() - UNNAMED_FOR), robust=True)


def _forget_views(erasing: Erasing) -> None:
    """Ways of looking that somebody saved under the person's name, or that look for them."""
    views = SavedView.objects.only("name", "query")
    gone = [view.pk for view in views if erasing.names(f"{view.name} {_searched(view)}")]
    SavedView.objects.filter(pk__in=gone).delete()


def _searched(view: SavedView) -> str:
    """What it searches for: the other conditions are codes of ours, in which a short name may stand by chance."""
    return " ".join(value for key, value in parse_qsl(view.query) if key == "q")


def _forget_in(case: Case, erasing: Erasing) -> None:
    touches = Touch.objects.filter(case=case)
    gone = touches.filter(fact__in=erasing.facts)
    first = touches.order_by("at", "id").first()
    is_whole = _is_whole(case, erasing)
    files, letters = Attachment.objects.filter(case=case), Letter.objects.filter(case=case)
    if not is_whole:
        files, letters = files.filter(touch__in=gone), letters.filter(touch__in=gone)
    erase_files(files.filter(erased_at=None), at=erasing.at)
    sent = None if is_whole else list(letters.values_list("message_id", flat=True))
    transaction.on_commit(lambda: forget_mail(case.ref, only=sent, known_as=case.number), robust=True)
    letters.update(address="", title="")
    Draft.objects.filter(case=case).delete()
    if is_whole or (first is not None and first.fact in erasing.facts):
        case.subject = case.claimed_name = case.claimed_phone = case.claimed_email = ""
        case.save(update_fields=["subject", "claimed_name", "claimed_phone", "claimed_email"])
    if is_whole:
        _forget_typed(case)
    left = [] if is_whole else touches.exclude(fact__in=erasing.facts).values_list("fact", flat=True)
    _find_by_what_is_left(case, left, is_whole=is_whole)


def _is_whole(case: Case, erasing: Erasing) -> bool:
    """Whether the whole case is the person's, and not only some facts of it."""
    return not erasing.people.isdisjoint({case.person, case.ref})


def _forget_typed(case: Case) -> None:
    """What was typed for this case alone: titles of papers that are in no list, and tags that nothing else bears."""
    listed = queries.listed_papers(case)
    Paper.objects.filter(case=case).exclude(code__in=listed).update(title=NOTHING)
    tags = list(CaseTag.objects.filter(case=case).values_list("tag", flat=True))
    CaseTag.objects.filter(case=case).delete()
    Tag.objects.filter(pk__in=tags, uses=None).delete()


def _find_by_what_is_left(case: Case, facts: Collection[int | None], *, is_whole: bool) -> None:
    """The search words made anew from what the case still says."""
    bodies = [entry.content.get("body", "") for entry in entries_of([f for f in facts if f], Audience.STAFF)]
    texts = [] if is_whole else [*searching.texts_of(case), *bodies]
    words = searching.case_words(case.number, case.opened_at, texts)
    CaseWords.objects.filter(case=case).update(words=words)
