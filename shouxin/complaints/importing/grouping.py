"""Rows become complaints: one per key, with every reason it names, or a reason why it can't be one."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from django.utils.translation import gettext as _

from shouxin.complaints.importing.mapping import Amount, Mapping
from shouxin.complaints.importing.reading import SourceRow
from shouxin.tables.amounts import currency_in, read_amount
from shouxin.tables.days import Manner, Unreadable, Window, read_instant
from shouxin.tables.parsing.cells import folded, plain
from shouxin.tables.words import read_identifier

OPENED = Window(date(1950, 1, 1), 1)
LARGEST = Decimal(10) ** 10
LONGEST_KEY, LONGEST_VALUE = 120, 500
MOST_REMEMBERED = 50_000


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
    untranslated: tuple[str, ...] = ()  # outcomes that the mapping has no word for
    is_odd: bool = False  # open, and yet with a closing day


@dataclass(frozen=True)
class Reader:
    """What is needed to read the cells of a file: its mapping, how it writes days, and where they begin."""

    mapping: Mapping
    manner: Manner
    zone: tzinfo
    instants: dict[tuple[str, str], tuple[datetime, bool] | None] = field(default_factory=dict)

    def instant(self, text: str, column: str) -> tuple[datetime, bool] | None:
        """As `read_instant`; a file says the same days over and over. Raises Unreadable."""
        if (column, text) in self.instants:
            return self.instants[column, text]
        found = read_instant(text, column, self.manner, OPENED, self.zone)
        if len(self.instants) < MOST_REMEMBERED:
            self.instants[column, text] = found
        return found


def _one(rows: list[SourceRow], column: str) -> str:
    """The one value all rows agree on."""
    texts = dict.fromkeys(row.texts[column] for row in rows)
    if len(texts) == 1:
        return next(iter(texts))
    found = {folded(text): text for text in texts}
    if len(found) > 1:
        raise RowProblem(
            _("Rows of one complaint disagree about %(column)s: %(values)s.")
            % {"column": column, "values": ", ".join(sorted(found)[:4])}
        )
    return next(iter(found.values()))


def _instant(rows: list[SourceRow], reader: Reader, name: str) -> tuple[datetime, bool] | None:
    """(instant, whether the file gave a whole day); None where there is none."""
    if name not in reader.mapping.one:
        return None
    column = reader.mapping.one[name]
    text = _one(rows, column)
    if not text:
        return None
    try:
        return reader.instant(text, column)
    except Unreadable as problem:
        said = _("“%(value)s” is not a date (write 2026-11-24).") % {"value": plain(text)[:40]}
        raise RowProblem(f"{said} {problem}".strip()) from None


@lru_cache(maxsize=1 << 14)
def _money(text: str) -> tuple[Decimal, str]:
    """(amount, the currency it names). Raises Unreadable."""
    return read_amount(text, largest=LARGEST), currency_in(text)


def _amount(rows: list[SourceRow], amount: Amount) -> str:
    values = []
    for row in rows:
        if text := row.texts[amount.column]:
            try:
                value, named = _money(text)
            except Unreadable as problem:
                said = _("“%(value)s” in %(column)s is not an amount.")
                told = said % {"value": plain(text)[:40], "column": amount.column}
                raise RowProblem(f"{told} {problem}".strip()) from None
            values.append(value)
            if named and amount.currency and named != amount.currency:
                raise RowProblem(
                    _("%(column)s is in %(one)s, the mapping says %(other)s.")
                    % {"column": amount.column, "one": named, "other": amount.currency}
                )
    if not values:
        return ""
    taken = {"largest": max, "sum": sum, "first": lambda v: v[0]}[amount.take](values)
    return f"{taken:.2f}"


def _outcome(mapping: Mapping, rows: list[SourceRow]) -> tuple[str, set[str]]:
    """What it came to, and the words for it that the mapping does not translate."""
    if not mapping.outcome_column:
        return "", set()
    written = {folded(row.texts[mapping.outcome_column]) for row in rows} - {""}
    found = {mapping.outcomes.get(word, "") for word in written} - {""}
    unknown = written - mapping.outcomes.keys()
    if len(found) > 1:
        # Part for the customer and part against them is partly upheld, whatever the order of the rows.
        return ("partly" if found & {"upheld", "partly"} else sorted(found)[0]), unknown
    return (found.pop() if found else ""), unknown


def _state(mapping: Mapping, rows: list[SourceRow], closed: datetime | None) -> str:
    if "state" not in mapping.one:
        return "closed" if closed else "open"
    written = folded(_one(rows, mapping.one["state"]))
    if written not in mapping.states:
        raise RowProblem(_("The mapping does not translate the state “%(value)s”.") % {"value": written[:40]})
    return mapping.states[written]


def _many(rows: list[SourceRow], mapping: Mapping, name: str, column: str) -> list[str]:
    """Every distinct value; where the mapping says what stands between several in one cell, each by itself."""
    texts = {plain(row.texts[column]) for row in rows}
    if mark := mapping.split.get(name):
        texts = {part.strip() for text in texts for part in text.split(mark)}
        texts = texts - {""} or {""}
    if any(len(text) > LONGEST_VALUE for text in texts):
        raise RowProblem(_("A value of %(column)s is longer than 500 characters.") % {"column": column})
    return sorted(texts)


def complaint_of(key: str, rows: list[SourceRow], reader: Reader) -> SourceComplaint:
    """One complaint from all its rows. Raises RowProblem."""
    mapping = reader.mapping
    opened = _instant(rows, reader, "opened")
    if opened is None:
        raise RowProblem(_("It has no opening date."))
    closed = _instant(rows, reader, "closed")
    if closed and closed[0] < opened[0]:
        raise RowProblem(_("It was closed before it was opened."))
    state = _state(mapping, rows, closed and closed[0])
    if state == "closed" and closed is None:
        raise RowProblem(_("It is marked as closed, but has no closing date."))
    is_odd = state == "open" and closed is not None
    closed = None if state == "open" else closed
    many = {name: _many(rows, mapping, name, column) for name, column in mapping.many.items()}
    words = [word for name in mapping.subject_from for word in many.get(name, ()) if word]
    outcome, unknown = _outcome(mapping, rows)
    days = (closed[0].date() - opened[0].date()).days if closed and opened[1] and closed[1] else None
    told = SourceComplaint(
        key=key, lines=tuple(row.number for row in rows), opened_at=opened[0], closed_at=closed and closed[0],
        days=days, outcome=outcome, subject=" · ".join(dict.fromkeys(words))[:200] or mapping.title, many=many,
        amounts={name: _amount(rows, amount) for name, amount in mapping.amounts.items()},
        untranslated=tuple(sorted(unknown)), is_odd=is_odd,
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


def group(rows: Iterable[SourceRow], reader: Reader) -> Iterator[SourceComplaint | list[Rejection]]:
    """Complaints, and where rows can't be one, their rejections (all rows of a complaint together)."""
    for key, together in groupby(rows, key=lambda row: row.key):
        found = list(together)
        if not key:
            reason = _("The row has no %(column)s.") % {"column": reader.mapping.key}
            yield [Rejection(row.number, "", row.problem or reason) for row in found]
            continue
        wrong = next((row for row in found if row.problem), None)
        try:
            if wrong is not None:
                raise RowProblem(wrong.problem)
            read_identifier(found[0].texts[reader.mapping.key], LONGEST_KEY, spaces=True)
            yield complaint_of(key, found, reader)
        except Unreadable as problem:
            said = _("%(column)s can't be understood.") % {"column": reader.mapping.key}
            yield [Rejection(row.number, key[:LONGEST_KEY], f"{said} {problem}".strip()) for row in found]
        except RowProblem as problem:
            yield [Rejection(row.number, key[:LONGEST_KEY], str(problem)) for row in found]
