"""What all actions on a case share: lock it, move it, let its work item and search words follow."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from shouxin.cases import queries, rules
from shouxin.cases.models import Case, Touch, WorkItem
from shouxin.cases.rules import Move
from shouxin.core.clock import day_of
from shouxin.core.refs import Ref
from shouxin.core.rights import require
from shouxin.core.statements import stated
from shouxin.core.submissions import check_same
from shouxin.core.text import bigrams
from shouxin.people.models import Staff

_ADD_WORDS = """
UPDATE cases_casewords SET words = words || ARRAY(SELECT w FROM unnest(%(words)s::text[]) AS w WHERE w <> ALL (words))
WHERE case_id = %(case)s AND NOT words @> %(words)s::text[]
"""


def locked(case: Case | int) -> Case:
    """The case as it is now, held until the transaction ends: its work item first, as "take next" does, then the case.

    This is the only place that locks cases, so that two actions never wait for each other.
    """
    pk = case if isinstance(case, int) else case.pk
    subject = str(Ref(Case.ref_kind, pk))
    while not _items_held(subject=subject):
        # A closed case has no work item. Whoever reopens it meanwhile makes one, which must then be locked first:
        # the savepoint lets the case go again.
        before = transaction.savepoint()
        held = _case_held(pk)
        if not WorkItem.objects.filter(subject=subject).exists():
            transaction.savepoint_commit(before)
            return held
        transaction.savepoint_rollback(before)
    return _case_held(pk)


def locked_all(cases: Iterable[Case]) -> list[Case]:
    """Several cases, in the one order: all their work items, then the cases themselves, by ascending id."""
    ids = sorted({case.pk for case in cases})
    items = WorkItem.objects.select_for_update(no_key=True)
    list(items.filter(subject__in=[str(Ref(Case.ref_kind, pk)) for pk in ids]).order_by("id").values_list("pk"))
    held = Case.objects.select_for_update(no_key=True, of=("self",)).with_people()
    return list(held.filter(pk__in=ids).order_by("pk"))


def _case_held(pk: int) -> Case:
    if (held := _held.first(case=pk)) is None:
        raise Case.DoesNotExist
    return held


@stated
def _items_held(subject):
    return WorkItem.objects.select_for_update(no_key=True).filter(subject=subject).values_list("pk")


@stated
def _held(case):
    return Case.objects.select_for_update(no_key=True, of=("self",)).with_people().filter(pk=case)


@stated
def _touch_of(key):
    return Touch.objects.select_related("case").filter(key=key)


def require_service(by: Staff, case: Case, at: datetime) -> None:
    """Go on only for those who serve this case, lead the team or stand in for its officer."""
    require(rules.may_serve(by, case) or queries.stands_in(by, case, day_of(at)))


def move(case: Case, what: Move, **changed: Any) -> None:
    """Write the next state and what changed with it."""
    case.state = rules.next_state(case.state, what)
    for name, value in changed.items():
        setattr(case, name, value)
    case.save(update_fields=["state", *changed])


def add_words(case: Case, text: str) -> None:
    """Let the case be found by these words too."""
    if words := bigrams(text):
        with connection.cursor() as cursor:
            cursor.execute(_ADD_WORDS, {"words": words, "case": case.pk})


def about(case: Case, by: Staff | None) -> dict[str, Any]:
    """What every fact of this room says: the case, for whom, who did it, and where that person serves."""
    dims = case.dims()
    if by is not None:
        dims |= {"team": by.team.code if by.team_id else "", "post": by.post}
    return {"subject": case.ref, "person": case.person, "actor": by.ref if by else None, **dims}


def seconds_between(start: datetime, end: datetime) -> int:
    # In UTC: two instants of one zone are subtracted by the wall, which skips or repeats an hour twice a year.
    return max(int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()), 0)


def known_touch(key: Any, case: Case, digest: str) -> Touch | None:
    """The touch this key stands for already, so that a retry doubles nothing. Ask when the case is locked.

    KeyReused when it came with other content, or in another case.
    """
    found = _touch_of.first(key=key) if key else None
    if found is not None:
        check_same(found.digest, digest)
        check_same(str(found.case_id), str(case.pk))
    return found


def require_sight(by: Staff, case: Case) -> None:
    """Go on only for those who may see this case."""
    require(rules.may_see(by, case))
