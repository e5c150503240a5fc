"""Rows become complaints: one per key, with every reason it names, or a reason why it can't be one."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from shouxin.complaints.importing.mapping import Amount, Mapping
from shouxin.complaints.importing.reading import plain

DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d")


class RowProblem(ValueError):
    """What is wrong with one row, for the person who will mend the file."""


@dataclass(frozen=True)
class Rejection:
    line: int
    key: str
    reason: str


@dataclass(frozen=True)
class SourceComplaint:
    """One complaint as the file tells it."""

    key: str
    lines: tuple[int, ...]
    opened_at: datetime
    closed_at: datetime | None
    days: int | None  # from opening to closing in whole days where the file gives days, else None
    outcome: str
    subject: str
    many: dict[str, list[str]]
    amounts: dict[str, str]
    digest: str = ""


def parse_instant(value: Any, zone: ZoneInfo) -> tuple[datetime, bool]:
    """(instant, whether the file gave a whole day). Days begin at midnight in `zone`."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)), value.time() == time()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone), True
    text = plain(value)
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=zone), True
        except ValueError:
            continue
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise RowProblem(_("“%(value)s” is not a date (write 2026-11-24).") % {"value": text[:40]}) from None
    return (read if read.tzinfo else read.replace(tzinfo=zone)), False


def _one(rows: list[tuple[int, dict]], column: str) -> Any:
    """The one value all rows agree on."""
    found = {plain(row[column]): row[column] for _line, row in rows}
    if len(found) > 1:
        raise RowProblem(
            _("Rows of one complaint disagree about %(column)s: %(values)s.")
            % {"column": column, "values": ", ".join(sorted(found)[:4])}
        )
    return next(iter(found.values()))


def _amount(rows: list[tuple[int, dict]], amount: Amount) -> str:
    values = []
    for _line, row in rows:
        text = plain(row[amount.column]).replace(",", "")
        if text:
            try:
                values.append(Decimal(text))
            except InvalidOperation:
                raise RowProblem(
                    _("“%(value)s” in %(column)s is not an amount.") % {"value": text[:40], "column": amount.column}
                ) from None
    if not values:
        return ""
    taken = {"largest": max, "sum": sum, "first": lambda v: v[0]}[amount.take](values)
    return f"{taken:.2f}"


def _outcome(mapping: Mapping, rows: list[tuple[int, dict]]) -> str:
    if not mapping.outcome_column:
        return ""
    found = {mapping.outcomes.get(plain(row[mapping.outcome_column]), "") for _line, row in rows} - {""}
    if len(found) > 1:
        # Part for the customer and part against him is partly upheld, whatever the order of the rows.
        return "partly" if found & {"upheld", "partly"} else sorted(found)[0]
    return found.pop() if found else ""


def _state(mapping: Mapping, rows: list[tuple[int, dict]], closed: datetime | None) -> str:
    if "state" not in mapping.one:
        return "closed" if closed else "open"
    written = plain(_one(rows, mapping.one["state"]))
    if written not in mapping.states:
        raise RowProblem(_("The mapping does not translate the state “%(value)s”.") % {"value": written[:40]})
    return mapping.states[written]


def complaint_of(key: str, rows: list[tuple[int, dict]], mapping: Mapping, zone: ZoneInfo) -> SourceComplaint:
    """One complaint from all its rows. Raises RowProblem."""
    zone = mapping.zone or zone
    opened, opened_is_day = parse_instant(_one(rows, mapping.one["opened"]), zone)
    closed, closed_is_day = None, False
    if "closed" in mapping.one and plain(written := _one(rows, mapping.one["closed"])):
        closed, closed_is_day = parse_instant(written, zone)
        if closed < opened:
            raise RowProblem(_("It was closed before it was opened."))
    state = _state(mapping, rows, closed)
    if state == "closed" and closed is None:
        raise RowProblem(_("It is marked as closed, but has no closing date."))
    if state == "open":
        closed = None
    many = {name: sorted({plain(row[column]) for _line, row in rows}) for name, column in mapping.many.items()}
    words = [word for name in mapping.subject_from for word in many.get(name, ()) if word]
    days = (closed.date() - opened.date()).days if closed and opened_is_day and closed_is_day else None
    told = SourceComplaint(
        key=key, lines=tuple(line for line, _row in rows), opened_at=opened, closed_at=closed, days=days,
        outcome=_outcome(mapping, rows), subject=" · ".join(dict.fromkeys(words))[:200] or mapping.title,
        many=many, amounts={name: _amount(rows, amount) for name, amount in mapping.amounts.items()},
    )  # fmt: skip
    return replace(told, digest=digest_of(told))


def digest_of(told: SourceComplaint) -> str:
    """What the file says, in one hash: the same complaint again changes nothing. Lines do not count."""
    spelled = json.dumps(
        [told.key, told.opened_at.isoformat(), told.closed_at and told.closed_at.isoformat(), told.outcome,
         told.subject, told.many, told.amounts],
        ensure_ascii=False, sort_keys=True,
    )  # fmt: skip
    return hashlib.sha256(spelled.encode()).hexdigest()


def group(
    rows: Iterable[tuple[int, dict]], mapping: Mapping, zone: ZoneInfo
) -> Iterator[SourceComplaint | list[Rejection]]:
    """Complaints, and where rows can't be one, their rejections (all rows of a complaint together)."""
    for key, together in groupby(rows, key=lambda pair: plain(pair[1].get(mapping.key))):
        found = list(together)
        if not key:
            reason = _("The row has no %(column)s.") % {"column": mapping.key}
            yield [Rejection(line, "", reason) for line, _row in found]
            continue
        try:
            yield complaint_of(key, found, mapping, zone)
        except RowProblem as problem:
            yield [Rejection(line, key, str(problem)) for line, _row in found]
