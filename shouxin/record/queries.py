"""Reading the record. Every reader says as whom it reads; figures read one relation, `facts_valid`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from shouxin.core.audience import READS, Audience
from shouxin.core.refs import Ref
from shouxin.record.facts import DIMENSIONS, defaults_of

NEAR = timedelta(minutes=5)
EXAMPLE = "example"
Place = tuple[datetime, int]


@dataclass(frozen=True)
class Entry:
    """A fact as a reader sees it, with its personal content where that was not erased."""

    id: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    source: str
    audience: Audience
    subject: Ref
    person: Ref | None
    actor: Ref | None
    dims: dict[str, str]
    seconds: int | None
    working_seconds: int | None
    data: dict[str, Any]
    content: dict[str, Any]
    is_erased: bool
    is_corrected: bool
    corrects: int | None

    @property
    def place(self) -> Place:
        """Where it stands in a timeline: pass it as `before` to read on."""
        return self.happened_at, self.id

    @property
    def has_two_times(self) -> bool:
        """Whether a timeline should show both instants. Of an example, when it was loaded tells nobody anything."""
        return self.source != EXAMPLE and abs(self.recorded_at - self.happened_at) > NEAR

    def __getattr__(self, name: str) -> Any:
        """The dimensions and the fact's own fields, read like attributes: `entry.channel`, `entry.reason`."""
        for held in ("dims", "data"):
            if name in (values := self.__dict__.get(held, {})):
                return values[name]
        # A fact recorded before its kind had this field means the default of the field.
        defaults = defaults_of(self.__dict__.get("kind", ""))
        if name in defaults:
            return defaults[name]
        raise AttributeError(name)


_COLUMNS = (
    "f.id, f.kind, f.happened_at, f.recorded_at, f.source, f.audience, f.subject, f.person, f.actor, "
    + ", ".join(f"f.{name}" for name in DIMENSIONS)
    + ", f.seconds, f.working_seconds, f.data, t.body, f.content_hash IS NOT NULL AND t.fact IS NULL, f.corrects"
)
# A correction that this reader may not read is none to him: it must not show by what it strikes out.
_CORRECTED = "EXISTS (SELECT 1 FROM record_fact c WHERE c.corrects = f.id AND {seen})"


@lru_cache(maxsize=32)
def _timeline_sql(narrowing: str, is_paged: bool, shows_corrected: bool) -> str:
    corrected = _CORRECTED.format(seen=_seen("c"))
    return (
        f"SELECT {_COLUMNS}, {corrected} FROM record_fact f LEFT JOIN record_fact_content t ON t.fact = f.id"
        f" WHERE {narrowing} AND {_seen('f')}"
        + (" AND (f.happened_at, f.id) < (%(at)s, %(id)s)" if is_paged else "")
        + ("" if shows_corrected else f" AND NOT {corrected} AND f.kind <> 'FactWithdrawn'")
        + " ORDER BY f.happened_at DESC, f.id DESC LIMIT %(limit)s"
    )


def _seen(alias: str) -> str:
    """What the reader may read; what judges a person is read by that person and by no other colleague."""
    return (
        f"({alias}.audience = ANY(%(audiences)s)"
        f" AND ({alias}.audience <> 'person' OR %(is_hr)s OR {alias}.subject = %(viewer)s))"
    )


def timeline(
    subjects: Ref | Iterable[Ref], audience: Audience, *, viewer: Ref | None = None, before: Place | None = None,
    limit: int = 50,
) -> list[Entry]:  # fmt: skip
    """Facts about these subjects that this audience may read, the latest first.

    `viewer` is the person who reads, needed only for what is between HR and that person. A customer sees no
    corrected facts; staff see them marked. Goes on where `before` (the last entry's place) ended.
    """
    refs = [subjects] if isinstance(subjects, Ref) else list(subjects)
    return _read("f.subject = ANY(%(refs)s)", [str(ref) for ref in refs], audience, viewer, before, limit)


def timeline_of_person(
    person: Ref, audience: Audience, *, viewer: Ref | None = None, before: Place | None = None, limit: int = 50
) -> list[Entry]:
    """Everything this audience may read that happened for one person, whichever case it was in."""
    return _read(
        "(f.person = ANY(%(refs)s) OR f.subject = ANY(%(refs)s))", [str(person)], audience, viewer, before, limit
    )


def told_of(
    subject: Ref, kind: str, audience: Audience, *, before: Place | None = None, limit: int = 50, **about: Any
) -> list[Entry]:
    """Facts of one kind about this subject, the latest first, that say `about`: dimensions, or fields of their own.

    Goes on where `before` ended, so that reading page by page leaves nothing out.
    """
    dims = {name: value for name, value in about.items() if name in DIMENSIONS}
    said = json.dumps({name: value for name, value in about.items() if name not in dims})
    narrowing = "f.subject = ANY(%(refs)s) AND f.kind = %(kind)s AND f.data @> %(said)s::jsonb"
    narrowing += "".join(f" AND f.{name} = %({name})s" for name in sorted(dims))
    return _read(narrowing, [str(subject)], audience, None, before, limit, kind=kind, said=said, **dims)


def entry_of(fact_id: int, audience: Audience, *, viewer: Ref | None = None) -> Entry | None:
    """One fact, if this audience may read it."""
    if fact_id >= 2**63:  # no number of a fact, whatever stands in an address
        return None
    found = _read("f.id = ANY(%(refs)s::bigint[])", [str(fact_id)], audience, viewer, None, 1)
    return found[0] if found else None


def entries_of(fact_ids: Iterable[int], audience: Audience, *, viewer: Ref | None = None) -> list[Entry]:
    """Those of these facts that this audience may read, the latest first: a figure opens to them."""
    ids = [str(fact_id) for fact_id in fact_ids]
    return _read("f.id = ANY(%(refs)s::bigint[])", ids, audience, viewer, None, len(ids)) if ids else []


def _read(
    narrowing: str, refs: list[str], audience: Audience, viewer: Ref | None, before: Place | None, limit: int,
    **more: str,
) -> list[Entry]:  # fmt: skip
    sql = _timeline_sql(narrowing, before is not None, audience != Audience.CUSTOMER)
    about = more | {
        "refs": refs,
        "audiences": [str(readable) for readable in READS[audience]],
        "is_hr": audience == Audience.HR,
        "viewer": str(viewer or ""),
        "at": before[0] if before else None,
        "id": before[1] if before else None,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, about)
        return [_entry(row) for row in cursor.fetchall()]


def _entry(row: tuple) -> Entry:
    fact_id, kind, happened_at, recorded_at, source, audience, subject, person, actor = row[:9]
    dims = dict(zip(DIMENSIONS, row[9:], strict=False))
    seconds, working_seconds, data, body, is_erased, corrects, is_corrected = row[9 + len(DIMENSIONS) :]
    return Entry(
        id=fact_id, kind=kind, happened_at=happened_at, recorded_at=recorded_at, source=source,
        audience=Audience(audience), subject=Ref.parse(subject), person=Ref.parse(person) if person else None,
        actor=Ref.parse(actor) if actor else None, dims=dims, seconds=seconds, working_seconds=working_seconds,
        data=_plain(data), content=_plain(body) or {}, is_erased=is_erased, is_corrected=is_corrected,
        corrects=corrects,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def facts_valid(as_known_at: datetime | None = None, *, audience: Audience | None = None) -> str:
    """The relation that figures are made of, as SQL for a FROM: facts nobody corrected, with all columns.

    `as_known_at` gives what was known at that instant; `audience` leaves only what such a reader may read
    (without it the caller must not show single facts). Measure by `happened_at`.
    """
    relation = "record_fact_valid"
    if as_known_at is not None:
        relation = f"record_fact_valid_at('{as_known_at.astimezone(UTC).isoformat()}'::timestamptz)"
    if audience is None:
        return relation
    readable = ", ".join(f"'{name}'" for name in sorted(READS[audience])) or "''"
    return f"(SELECT * FROM {relation} WHERE audience IN ({readable})) AS facts"
