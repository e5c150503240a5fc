"""Complaints of a file become cases and facts: new ones by COPY, changed ones by new facts, the same not at all."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from shouxin.cases import bulk
from shouxin.cases.facts import CaseClosed, CaseOpened
from shouxin.cases.kit import seconds_between
from shouxin.cases.rules import ClosingReason
from shouxin.complaints.facts import ComplaintClosed, ComplaintOpened
from shouxin.complaints.importing.grouping import Rejection, SourceComplaint
from shouxin.complaints.importing.mapping import Mapping
from shouxin.complaints.models import Complaint, ImportedComplaint
from shouxin.core.audience import Audience
from shouxin.core.clock import local
from shouxin.core.copying import copy_models
from shouxin.core.refs import Ref
from shouxin.people.models import Branch
from shouxin.people.organisation import office_outside
from shouxin.record.facts import Fact
from shouxin.record.queries import timeline
from shouxin.record.recording import IMPORT, copy_facts, correct, fact_ids, record, row_of

SERVICE, STAGE, CHANNEL = "A15", "after", "import"
CHUNK = 2_000
REASON = {"upheld": "granted", "partly": "partly", "refused": "declined", "withdrawn": "withdrawn"}


@dataclass
class Tally:
    """What an import did so far."""

    rows_read: int = 0
    cases_created: int = 0
    cases_changed: int = 0
    cases_unchanged: int = 0
    rows_rejected: int = 0
    rows_remarks: int = 0
    untranslated: int = 0  # complaints with an outcome the mapping does not translate
    odd: int = 0  # open complaints with a closing day
    rejections: list[Rejection] = field(default_factory=list)


def branch_of(mapping: Mapping) -> Branch:
    """The office under which a source's complaints stand, so that they never mix with our own offices'."""
    return office_outside(code_of(mapping.name), name=mapping.title[:60], jurisdiction=mapping.jurisdiction)


def code_of(name: str) -> str:
    """The code of a source's office: it stands in addresses, so it is made of letters, digits, - and _."""
    if re.fullmatch(r"[-a-zA-Z0-9_]{1,20}", name):
        return name
    plain = re.sub(r"[^-a-zA-Z0-9_]+", "-", name).strip("-")[:11]
    return f"{plain or 'source'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Manner:
    """How a run writes: for good or as a trial, from where on, and who is told in each transaction."""

    is_trial: bool = False
    done: int = 0
    save: Callable[[Tally, int], None] = lambda tally, done: None


def write(
    told: Iterator[SourceComplaint | list[Rejection]], mapping: Mapping, how: Manner, tally: Tally
) -> Iterator[Tally]:
    """Write chunk by chunk, each one transaction; yields the tally after each. A trial takes each chunk back.

    The first `how.done` chunks were written by a run that was interrupted; their counts are in `tally` already.
    """
    place = 0
    while chunk := list(islice(told, CHUNK)):
        place += 1
        complaints = [each for each in chunk if isinstance(each, SourceComplaint)]
        rejected = [line for each in chunk if not isinstance(each, SourceComplaint) for line in each]
        tally.rejections += rejected
        if place > how.done:
            tally.rows_read += sum(len(each.lines) for each in complaints) + len(rejected)
            tally.rows_rejected += len(rejected)
            _write_safely(complaints, mapping, how, tally, place)
            yield tally


def _write_safely(
    complaints: Sequence[SourceComplaint], mapping: Mapping, how: Manner, tally: Tally, place: int
) -> None:
    """One transaction; where the database refuses it, halves of it, until the one that it refuses is found."""
    before = (tally.cases_created, tally.cases_changed, tally.cases_unchanged)
    try:
        with transaction.atomic():
            _write_chunk(complaints, mapping, branch_of(mapping), tally)
            how.save(tally, place)
            if how.is_trial:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                transaction.set_rollback(True)
        return
    except (DataError, IntegrityError):
        tally.cases_created, tally.cases_changed, tally.cases_unchanged = before
        if not complaints:
            raise
    if len(complaints) == 1:
        reason = _("The database does not take it.")
        found = [Rejection(line, complaints[0].key, reason) for line in complaints[0].lines]
        tally.rejections += found
        tally.rows_rejected += len(found)
        return
    half = len(complaints) // 2
    _write_safely(complaints[:half], mapping, how, tally, place - 1)
    _write_safely(complaints[half:], mapping, how, tally, place)


def _write_chunk(complaints: Sequence[SourceComplaint], mapping: Mapping, branch: Branch, tally: Tally) -> None:
    keys = [each.key for each in complaints]
    known = {
        each.key: each
        for each in ImportedComplaint.objects.select_for_update(of=("self",)).filter(source=mapping.name, key__in=keys)
    }
    new = [each for each in complaints if each.key not in known]
    changed = [each for each in complaints if each.key in known and known[each.key].digest != each.digest]
    tally.cases_created += len(new)
    tally.cases_changed += len(changed)
    tally.cases_unchanged += len(complaints) - len(new) - len(changed)
    for each in complaints:
        tally.untranslated += bool(each.untranslated)
        tally.odd += each.is_odd
    if new:
        _create(new, mapping, branch)
    for each in changed:
        _change(each, known[each.key], mapping, branch)


def _create(new: Sequence[SourceComplaint], mapping: Mapping, branch: Branch) -> None:
    numbers = _numbers(new)
    case_ids = bulk.ids(bulk.CaseRow, len(new))
    rows = [
        _case_row(told, case_id, number, branch) for told, case_id, number in zip(new, case_ids, numbers, strict=True)
    ]
    bulk.copy(bulk.CaseRow, rows)
    texts = [[told.key, *(word for words in told.many.values() for word in words)] for told in new]
    bulk.copy(bulk.WordsRow, (bulk.words_row(row, text) for row, text in zip(rows, texts, strict=True)))
    copy_models([Complaint(case_id=case_id) for case_id in case_ids])
    copy_models([
        ImportedComplaint(source=mapping.name, key=told.key, digest=told.digest, case_id=case_id)
        for told, case_id in zip(new, case_ids, strict=True)
    ])  # fmt: skip
    facts = [
        (fact, at) for told, case_id in zip(new, case_ids, strict=True)
        for fact, at in facts_of(told, Ref("case", case_id), branch)
    ]  # fmt: skip
    ids = fact_ids(len(facts))
    copy_facts(
        row_of(fact, fact_id, at, source=IMPORT) for (fact, at), fact_id in zip(facts, ids, strict=True)
    )  # fmt: skip


def _numbers(new: Sequence[SourceComplaint]) -> list[str]:
    """A number for each, of the year in which it was opened."""
    years: dict[int, list[datetime]] = {}
    for told in new:
        years.setdefault(local(told.opened_at).year, []).append(told.opened_at)
    given = {year: iter(bulk.next_numbers("C", opened[0], len(opened))) for year, opened in years.items()}
    return [next(given[local(told.opened_at).year]) for told in new]


def _state(told: SourceComplaint) -> dict[str, Any]:
    """What the case looks like at the end of the file's story."""
    is_closed = told.closed_at is not None
    return {
        "subject": told.subject, "opened_at": told.opened_at, "closed_at": told.closed_at,
        "state": "closed" if is_closed else "new",
        "closing_reason": REASON.get(told.outcome, ClosingReason.ANSWERED.value) if is_closed else "",
        "touched_at": told.closed_at or told.opened_at,
    }  # fmt: skip


def _case_row(told: SourceComplaint, case_id: int, number: str, branch: Branch) -> bulk.CaseRow:
    return bulk.CaseRow(
        id=case_id, number=number, service_id=SERVICE, channel=CHANNEL, branch_id=branch.pk,
        jurisdiction=branch.jurisdiction, language="en", touch_count=0, source=IMPORT, **_state(told),
    )  # fmt: skip


def facts_of(told: SourceComplaint, case: Ref, branch: Branch) -> Iterator[tuple[Fact, datetime]]:
    """The facts of one complaint with the world's instants."""
    shared = {
        "subject": case, "branch": branch.code, "channel": CHANNEL, "service": SERVICE, "stage": STAGE,
        "jurisdiction": branch.jurisdiction,
    }  # fmt: skip
    many = {name: values for name, values in told.many.items() if name != "product"}
    own = {"key": told.key, "products": told.many.get("product", []), **_known(many)}
    yield CaseOpened(**shared), told.opened_at
    yield ComplaintOpened(**shared, **own), told.opened_at
    if told.closed_at is None:
        return
    seconds = seconds_between(told.opened_at, told.closed_at)
    reason = REASON.get(told.outcome, ClosingReason.ANSWERED.value)
    yield CaseClosed(**shared, reason=reason, seconds=seconds, days=told.days, outcome=reason), told.closed_at
    yield (
        ComplaintClosed(
            **shared, **own, outcome=told.outcome, seconds=seconds, days=told.days,
            recovery=told.amounts.get("recovery", ""),
        ),
        told.closed_at,
    )  # fmt: skip


LISTS = frozenset(("company", "coverage", "subcoverage", "reason", "subreason", "disposition", "conclusion"))


def _known(many: dict[str, list[str]]) -> dict[str, Any]:
    """The lists a complaint's fact has a place for; whatever else the mapping names is kept beside them."""
    known = {name: values for name, values in many.items() if name in LISTS}
    return known | {"more": {name: values for name, values in many.items() if name not in LISTS}}


def _change(told: SourceComplaint, known: ImportedComplaint, mapping: Mapping, branch: Branch) -> None:
    """A corrected file: each fact that says otherwise is corrected by a new one; nothing is edited."""
    case = Ref("case", known.case_id)
    entries = timeline(case, Audience.STAFF, limit=500)
    standing = {each.kind: each.id for each in reversed(entries) if each.source == IMPORT and not each.is_corrected}
    standing.pop("FactWithdrawn", None)
    for fact, at in facts_of(told, case, branch):
        if (old := standing.pop(fact.kind, None)) is not None:
            correct(old, fact, by=case, reason="file", at=at)
        else:
            record(fact, at=at, source=IMPORT)
    for old in standing.values():
        correct(old, None, by=case, reason="file")
    bulk.amend(known.case_id, **_state(told))
    known.digest = told.digest
    known.save(update_fields=["digest"])
