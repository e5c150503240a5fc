"""Search: by number, by name, by the words of any touch; the newest first, quick at a million cases.

Every case has one array of words under GIN. One of them is the month of its opening ("@2026-11"), so that the index
itself narrows the first look to the last months; only what is rarer than a page there is looked for everywhere.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from shouxin.cases.models import Case, CaseWords
from shouxin.cases.queries import visibility
from shouxin.core.clock import local, now
from shouxin.core.text import bigrams_of, queries
from shouxin.people.models import Staff

MONTHS_FIRST = 3


def month_word(at: datetime) -> str:
    """The word that says when a case was opened."""
    return f"@{local(at):%Y-%m}"


def case_words(number: str, opened_at: datetime, texts: Iterable[str]) -> list[str]:
    """All words of a new case: its month, its number in every spelling, and those of the texts."""
    short = number.rpartition("-")[2].lstrip("0")
    return list(dict.fromkeys([month_word(opened_at), short, *bigrams_of((number, *texts))]))


def texts_of(case: Case) -> list[str]:
    """What the row of a case says of itself in words."""
    policy, customer = case.policy, case.customer
    return [
        case.claimed_name, case.claimed_phone, case.claimed_email, case.subject, policy.number if policy else "",
        f"{customer.number} {customer.name}" if customer else "",
    ]  # fmt: skip


def search(viewer: Staff, text: str, *, limit: int = 50, at: datetime | None = None) -> list[Case]:
    """The newest cases in which every word of `text` occurs. Nothing for a single Chinese character."""
    found = ids(viewer, text, limit=limit, at=at)
    cases = Case.objects.with_people().in_bulk(found)
    return [cases[pk] for pk in found]


def ids(viewer: Staff, text: str, *, limit: int = 50, at: datetime | None = None) -> list[int]:
    """Only the ids, the newest first."""
    asked, seen = queries(text), visibility(viewer, "case__")
    if not asked or seen is None:
        return []
    holding = CaseWords.objects.filter(seen, reduce(or_, (Q(words__contains=words) for words in asked)))
    recent = _newest(holding.filter(words__overlap=_last_months(at or now())), limit)
    return recent if len(recent) == limit else _newest(holding, limit)


def _newest(holding: QuerySet[CaseWords], limit: int) -> list[int]:
    return list(holding.order_by("-opened_at", "-case_id").values_list("case_id", flat=True)[:limit])


def _last_months(at: datetime) -> list[str]:
    year, month = local(at).year, local(at).month
    months = [(year * 12 + month - 1 - back) for back in range(MONTHS_FIRST)]
    return [f"@{each // 12}-{each % 12 + 1:02d}" for each in months]
