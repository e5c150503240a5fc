"""Making promises: one statement for the promises and two for their facts, however many."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction

from shouxin.core.refs import Ref
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.reckoning import Reckoning
from shouxin.jurisdictions.rule import Rule
from shouxin.promises import facts
from shouxin.promises.bell import ring_for
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from shouxin.promises.telling import about, stamp
from shouxin.promises.terms import frozen_fields, set_reckoned
from shouxin.record.recording import LIVE, record


@dataclass(frozen=True, kw_only=True)
class Making:
    """What is to be promised: by which rule, to whom, about what, since when, by which calendar.

    `dims` are the dimensions of its facts; an entry `officer` ("staff:12") says who answers for it.
    """

    rule: Rule | Given
    subject: Ref
    start_at: datetime
    calendar_key: str
    by: Ref | None = None
    person: Ref | None = None
    dims: dict[str, str] = field(default_factory=dict)
    begun_by: str = ""  # the event that began it
    made_at: datetime | None = None  # where it was made at another time than its start: what counts backwards
    amount: Decimal | None = None
    currency: str = ""


def make(rule: Rule | Given, *, source: str = LIVE, **about_it: Any) -> Promise:
    """Promise one thing: by a rule, or by an instant an officer names (`Given`). The keywords are those of `Making`."""
    return make_many([Making(rule=rule, **about_it)], source=source)[0]


def make_many(makings: Sequence[Making], *, source: str = LIVE) -> list[Promise]:
    """Promise several things at once: three statements, one more for each calendar, one for the subscribers."""
    if not makings:
        return []
    calendars = {key: calendar_of(key) for key in {making.calendar_key for making in makings}}
    with transaction.atomic(savepoint=False):
        promises = Promise.objects.bulk_create(
            [drawn_up(making, calendars[making.calendar_key], source=source) for making in makings]
        )
        made = sorted(zip(promises, makings, strict=True), key=_made_at)
        for at, pairs in groupby(made, key=_made_at):
            record(*(made_fact(promise, making.by) for promise, making in pairs), at=at, source=source)
        ring_for(instant for promise in promises for instant in (promise.due_at, promise.warn_at))
    return promises


def _made_at(pair: tuple[Promise, Making]) -> datetime:
    return pair[1].made_at or pair[0].start_at


def drawn_up(making: Making, calendar: Calendar, *, source: str = LIVE, reckoned: Reckoning | None = None) -> Promise:
    """The promise as it is made, not yet saved; reckoned here unless the caller did."""
    promise = Promise(
        **frozen_fields(making.rule), subject=str(making.subject), person=making.person and str(making.person),
        dims=making.dims, start_at=making.start_at, calendar_key=making.calendar_key, amount=making.amount,
        currency=making.currency, begun_by=making.begun_by, made_by=making.by and str(making.by), origin=source,
    )  # fmt: skip
    set_reckoned(promise, reckoned or making.rule.reckon(making.start_at, calendar, begun_by=making.begun_by), calendar)
    return promise


def made_fact(promise: Promise, by: Ref | None) -> facts.PromiseMade:
    """The fact that it was promised."""
    return facts.PromiseMade(**about(promise, actor=by), start_at=stamp(promise.start_at), begun_by=promise.begun_by)
