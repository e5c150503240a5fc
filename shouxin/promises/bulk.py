"""Bulk: promises of the past and their facts by COPY, for imports, the example insurer and measurements of speed.

What is written is what the actions and the loop would have written, had they been there. It is heard by nobody.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from shouxin.core.copying import copy_models, fresh_ids, sequence_of
from shouxin.core.refs import Ref
from shouxin.jurisdictions.calendars import Calendar
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.reckoning import Reckoning
from shouxin.jurisdictions.rule import Rule
from shouxin.promises import facts
from shouxin.promises.making import Making, drawn_up, made_fact
from shouxin.promises.models import Promise, PromiseDue, PromisePause, State
from shouxin.promises.reading import BY_HOURS
from shouxin.promises.telling import Span, about, breach, due_stamp, ran, seconds_of
from shouxin.promises.terms import reckon_again
from shouxin.record.facts import Fact
from shouxin.record.recording import EXAMPLE, content_hash, copy_contents, copy_facts, fact_ids, row_of

Told = tuple[Fact, datetime, dict[str, str]]  # the fact, when it happened, its personal words


@dataclass(frozen=True, kw_only=True)
class Stood:
    """A pause of the past; without `resumed_at` it still lasts."""

    paused_at: datetime
    resumed_at: datetime | None
    reason: str
    waiting_for: str = ""
    by: Ref | None = None


@dataclass(frozen=True, kw_only=True)
class Past:
    """A promise and what became of it: done at `ended_at` (kept, or late) by an `act`, or not done yet.

    With a `reason` it ended otherwise: nobody waits for it any longer.
    """

    making: Making
    ended_at: datetime | None = None
    ended_by: Ref | None = None
    act: str = ""
    reason: str = ""
    pauses: tuple[Stood, ...] = ()
    carried: tuple[tuple[datetime, dict[str, str]], ...] = ()  # since when it was somebody else's, and whose


@dataclass
class _History:
    promise: Promise
    past: Past
    pauses: list[PromisePause]
    dues: list[PromiseDue]
    told: list[Told]

    def owed_at(self, at: datetime) -> Promise:
        """The promise as whoever answered for it at that instant."""
        self.promise.dims = self.past.making.dims
        for since, dims in self.past.carried:
            if since <= at:
                self.promise.dims = dims
        return self.promise


def write_history(
    pasts: Iterable[Past], *, at: datetime, origin: str = EXAMPLE, calendars: Mapping[str, Calendar] | None = None
) -> list[Promise]:
    """COPY these promises as they stand at `at`, with their pauses, moves and facts. Chunk what is very long.

    The calendars are asked for here, unless they are given by their keys.
    """
    pasts = list(pasts)
    keys = {past.making.calendar_key for past in pasts}
    reckoners = {key: Reckoner(calendars[key] if calendars else calendar_of(key)) for key in keys}
    ids = fresh_ids(sequence_of(Promise._meta.db_table), len(pasts))
    histories = [
        _history(past, reckoners[past.making.calendar_key], at, origin, number)
        for past, number in zip(pasts, ids, strict=True)
    ]
    copy_models([history.promise for history in histories])
    copy_models([row for history in histories for row in history.pauses])
    copy_models([row for history in histories for row in history.dues])
    _copy_told([told for history in histories for told in history.told], origin)
    return [history.promise for history in histories]


def _history(past: Past, reckoner: "Reckoner", at: datetime, origin: str, number: int) -> _History:
    calendar = reckoner.calendar
    promise = drawn_up(past.making, calendar, source=origin, reckoned=reckoner.reckon(past.making))
    promise.pk = number
    history = _History(promise, past, [], [], [(made_fact(promise, past.making.by), promise.start_at, {})])
    for stood in past.pauses:
        _stand(history, replace(stood, resumed_at=stood.resumed_at or past.ended_at), calendar, at)
    history.told += _warnings(history, calendar, min(past.ended_at or at, promise.due_at, at))
    promise.warn_at = min((warn for warn in promise.warn_ats if warn > at), default=None)
    if past.ended_at or (promise.due_at < at and promise.state == State.RUNNING):
        _end(history, past, calendar)
    history.told.sort(key=lambda told: told[1])
    history.owed_at(at)
    return history


def _stand(history: _History, stood: Stood, calendar: Calendar, at: datetime) -> None:
    promise, by = history.owed_at(stood.paused_at), stood.by and str(stood.by)
    row = PromisePause(
        promise=promise, paused_at=stood.paused_at, reason=stood.reason, waiting_for=stood.waiting_for, paused_by=by
    )
    spans = [(pause.paused_at, pause.resumed_at) for pause in history.pauses]
    history.pauses.append(row)
    words = {"waiting_for": stood.waiting_for} if stood.waiting_for else {}
    paused = facts.PromisePaused(
        **about(promise, actor=stood.by), **ran(promise, stood.paused_at, calendar, spans), reason=stood.reason
    )
    history.told.append((paused, stood.paused_at, words))
    if stood.resumed_at is None or stood.resumed_at > at:
        promise.state = State.PAUSED
        return
    row.resumed_at, row.resumed_by = stood.resumed_at, by
    before, steps = promise.due_at, promise.reckoning
    reckon_again(promise, calendar, history.pauses, ())
    if promise.due_at != before:
        history.dues.append(
            PromiseDue(
                promise=promise, changed_at=stood.resumed_at, old=before, new=promise.due_at, changed_by=by,
                why=PromiseDue.Why.RESUMED, reckoning_before=steps,
            )
        )  # fmt: skip
    resumed = facts.PromiseResumed(
        **about(history.owed_at(stood.resumed_at), actor=stood.by),
        seconds=seconds_of(stood.resumed_at - stood.paused_at), due_before=due_stamp(promise, before),
    )  # fmt: skip
    history.told.append((resumed, stood.resumed_at, {}))


def _warnings(history: _History, calendar: Calendar, until: datetime) -> list[Told]:
    """The warnings the loop would have given: none while the clock stood still."""
    promise, pauses = history.promise, history.pauses
    spans = [(pause.paused_at, pause.resumed_at or until) for pause in pauses]
    running = [
        warn for warn in promise.warn_ats if warn <= until and not any(_stands_at(pause, warn) for pause in pauses)
    ]
    told: list[Told] = []
    for warn in running:
        seconds = ran(promise, warn, calendar, spans)["seconds"]
        told.append((facts.PromiseWarned(**about(history.owed_at(warn)), seconds=seconds), warn, {}))
    return told


def _stands_at(pause: PromisePause, at: datetime) -> bool:
    return pause.paused_at <= at and (pause.resumed_at is None or at < pause.resumed_at)


def _end(history: _History, past: Past, calendar: Calendar) -> None:
    promise, ended_at = history.promise, past.ended_at
    promise.warn_at = None
    is_late = ended_at is None or ended_at > promise.due_at
    promise.state = State.BROKEN if is_late else State.WITHDRAWN if past.reason else State.KEPT
    promise.broken_at = promise.due_at if is_late else None
    promise.ended_at, promise.ended_by = ended_at, past.ended_by and str(past.ended_by)
    promise.act, promise.ended_reason = past.act, past.reason
    if is_late:
        history.told.append((breach(history.owed_at(promise.due_at)), promise.due_at, {}))
    if ended_at is not None:
        history.told.append((_ending(history, past, calendar, is_late=is_late), ended_at, {}))


def _ending(history: _History, past: Past, calendar: Calendar, *, is_late: bool) -> Fact:
    promise, ended_at = history.promise, past.ended_at
    spans: list[Span] = [(pause.paused_at, pause.resumed_at or ended_at) for pause in history.pauses]
    shared = about(history.owed_at(ended_at), actor=past.ended_by) | ran(promise, ended_at, calendar, spans)
    if past.reason:
        return facts.PromiseWithdrawn(**shared, reason=past.reason)
    apart = seconds_of(abs(promise.due_at - ended_at))
    if is_late:
        return facts.PromiseMadeGood(**shared, late_seconds=apart, act=past.act)
    return facts.PromiseKept(**shared, early_seconds=apart, act=past.act)


def _copy_told(told: Sequence[Told], origin: str) -> None:
    numbered = list(zip(told, fact_ids(len(told)), strict=True))
    salts = {number: secrets.token_bytes(16) for (_, _, words), number in numbered if words}
    copy_facts(
        row_of(fact, number, at, source=origin, hashed=content_hash(salts[number], words) if words else None)
        for (fact, at, words), number in numbered
    )
    if salts:
        copy_contents((number, salts[number], words) for (_, _, words), number in numbered if words)


class Reckoner:
    """Reckons terms of days once for each rule and day: only the line of the start differs within a day."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._known: dict[tuple[int, date, str], tuple[Rule, Reckoning]] = {}

    def reckon(self, making: Making) -> Reckoning:
        rule, start_at, calendar = making.rule, making.start_at, self.calendar
        if rule.unit in BY_HOURS:
            return rule.reckon(start_at, calendar, begun_by=making.begun_by)
        day = calendar.day_of(start_at)
        if (known := (id(rule), day, making.begun_by)) not in self._known:
            self._known[known] = (rule, rule.reckon(calendar.start_of(day), calendar, begun_by=making.begun_by))
        reckoned = self._known[known][1]
        values = {"start_at": start_at.astimezone(calendar.zone).isoformat()}
        steps = tuple(replace(step, values=values) if "start_at" in step.values else step for step in reckoned.steps)
        warn_at = tuple(warn for warn in reckoned.warn_at if start_at < warn)
        return replace(reckoned, steps=steps, warn_at=warn_at)
