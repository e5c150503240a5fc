"""The facts a figure counts, as this reader may read them, each with the case it leads to."""

from dataclasses import dataclass

from shouxin.cases.models import Case
from shouxin.core.audience import Audience
from shouxin.core.drawers import Drawing, draw
from shouxin.core.links import link_for
from shouxin.core.paging import Page
from shouxin.measures.asking import Question
from shouxin.measures.engine import Counted, facts_behind
from shouxin.people.models import Staff
from shouxin.people.sight import seen_by
from shouxin.record.queries import Entry, entries_of

SIZE = 50
LONGEST_ID = 18  # digits; a longer one is beyond what a fact can have


@dataclass(frozen=True)
class CountedFact:
    """One fact behind a figure, with the value it has in it and the team it counts for."""

    entry: Entry
    value: float
    team: str
    drawing: Drawing | None
    number: str
    url: str


def fact_page(asked: Question, viewer: Staff, *, only: bool | None = None, after: str = "") -> Page:
    """One page of what the figure counts, of a share only its numerator's facts or only the others where asked.

    Of a case the viewer can't see it says only that it is counted.
    """
    start = int(after) if after.isdecimal() and len(after) <= LONGEST_ID else 0
    found = facts_behind(asked, only=only, after=start, limit=SIZE + 1)
    rows = _told(found[:SIZE], asked.audience or Audience.NOBODY, viewer)
    return Page(rows=rows, next=str(found[SIZE - 1].id) if len(found) > SIZE else "", has_previous=start > 0)


def oldest_open(asked: Question, count: int) -> list[CountedFact]:
    """The open cases that wait longest."""
    aged = asked.but(code="backlog", stat="median")
    return _told(facts_behind(aged, limit=count, is_largest_first=True), asked.audience or Audience.NOBODY)


def _told(found: list[Counted], audience: Audience, viewer: Staff | None = None) -> list[CountedFact]:
    entries = {entry.id: entry for entry in entries_of([each.id for each in found], audience)}
    cases = {entry.subject.id for entry in entries.values() if entry.subject.kind == "case"}
    numbers = dict(Case.objects.filter(pk__in=cases).values_list("pk", "number"))
    subjects = {entry.subject for entry in entries.values()}
    seen = seen_by(viewer, subjects) if viewer else subjects  # a board on a wall shows numbers only
    return [
        CountedFact(
            entry=entry, value=each.value, team=each.team, drawing=draw(entry),
            number=numbers.get(entry.subject.id, "") if entry.subject.kind == "case" else str(entry.subject),
            url=link_for(entry.subject),
        )
        if entry.subject in seen else CountedFact(entry, each.value, each.team, None, "", "")
        for each in found if (entry := entries.get(each.id))
    ]  # fmt: skip
