"""Many cases at once by COPY: the example insurer, imports, benchmarks. Records nothing: the caller does, silently.

Rows are dataclasses with the ids given before (`ids`), so that touches and facts can name their case. The counts of
cases by team and state are kept by the database, for COPY too.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Index

from shouxin.cases.models import FAR, Case, CaseWords
from shouxin.cases.searching import case_words
from shouxin.core.copying import copy_rows, fresh_ids, sequence_of
from shouxin.core.numbers import next_numbers

__all__ = [
    "AttachmentRow", "CaseRow", "TouchRow", "WordsRow", "WorkRow", "amend", "copy", "ids", "index_words_afterwards",
    "next_numbers", "words_row",
]  # fmt: skip


@dataclass(slots=True, kw_only=True)
class CaseRow:
    table: ClassVar[str] = "cases_case"
    id: int
    number: str
    service_id: str
    subject: str
    channel: str
    branch_id: int
    jurisdiction: str
    opened_at: datetime
    state: str = "new"
    priority: int = 3
    key: UUID = field(default_factory=uuid4)
    customer_id: int | None = None
    claimed_name: str = ""
    claimed_phone: str = ""
    claimed_email: str = ""
    policy_id: int | None = None
    product: str = ""
    team_id: int | None = None
    officer_id: int | None = None
    language: str = "zh-hant"
    opened_by_id: int | None = None
    touched_at: datetime | None = None
    due_at: datetime = FAR
    first_replied_at: datetime | None = None
    closed_at: datetime | None = None
    closing_reason: str = ""
    wrote_at: datetime | None = None
    touch_count: int = 1
    reopen_count: int = 0
    source: str = "example"

    def __post_init__(self) -> None:
        self.touched_at = self.touched_at or self.opened_at


@dataclass(slots=True, kw_only=True)
class TouchRow:
    """`fact` is the number of the fact whose content holds the words."""

    table: ClassVar[str] = "cases_touch"
    case_id: int
    direction: str
    channel: str
    at: datetime
    by_id: int | None = None
    fact: int | None = None
    key: UUID | None = None


@dataclass(slots=True, kw_only=True)
class WordsRow:
    table: ClassVar[str] = "cases_casewords"
    case_id: int
    opened_at: datetime
    words: list[str]


@dataclass(slots=True, kw_only=True)
class WorkRow:
    """For open cases only. `subject` is "case:12"; `wanted_at` comes from `rules.wanted_at`."""

    table: ClassVar[str] = "cases_workitem"
    subject: str
    channel: str
    skill: str
    due_at: datetime
    wanted_at: datetime
    made_at: datetime
    priority: int = 3
    branch_id: int | None = None
    officer_id: int | None = None
    taken_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class AttachmentRow:
    table: ClassVar[str] = "cases_attachment"
    case_id: int
    name: str
    media_type: str
    size: int
    checksum: str
    added_at: datetime
    touch_id: int | None = None
    added_by_id: int | None = None


Row = CaseRow | TouchRow | WordsRow | WorkRow | AttachmentRow


def ids(kind: type[Row], count: int) -> list[int]:
    """`count` fresh primary keys of the table of this kind of row."""
    return fresh_ids(sequence_of(kind.table), count)


def words_row(case: CaseRow, texts: Sequence[str]) -> WordsRow:
    """The search words of a case from everything that was said in it."""
    known = (case.claimed_name, case.claimed_phone, case.claimed_email, case.subject, *texts)
    return WordsRow(case_id=case.id, opened_at=case.opened_at, words=case_words(case.number, case.opened_at, known))


def copy(kind: type[Row], rows: Iterable[Any]) -> int:
    """COPY rows of one kind; cases before what belongs to them. Returns how many."""
    names = [each.name for each in fields(kind)]
    values = attrgetter(*names)
    return copy_rows(kind.table, names, (values(row) for row in rows))


def amend(case_id: int, **columns: Any) -> None:
    """Write what a corrected import says about its case; the caller records the correcting facts."""
    Case.objects.filter(pk=case_id, source="import").update(**columns)


@contextmanager
def index_words_afterwards() -> Iterator[None]:
    """For many thousands of cases: the index of words is made once, at the end. Owner only.

    Inside a transaction that fails nothing need be made again: the index was never gone.
    """
    with connection.schema_editor() as schema:
        schema.remove_index(CaseWords, _words_index())
    try:
        yield
    except BaseException:
        if not connection.in_atomic_block:
            _index_words()
        raise
    _index_words()


def _words_index() -> Index:
    return next(each for each in CaseWords._meta.indexes if each.name == "case_words")


def _index_words() -> None:
    with connection.cursor() as cursor, connection.schema_editor() as schema:
        # An index waits for the checks that a transaction puts off to its end.
        cursor.execute("SET maintenance_work_mem = '512MB'; SET CONSTRAINTS ALL IMMEDIATE")
        schema.add_index(CaseWords, _words_index())
        cursor.execute("SET CONSTRAINTS ALL DEFERRED; RESET maintenance_work_mem")
