"""How many cases are open at the end of the period, how many of them are overdue, and how old they are.

A case is open at the end of a day when it was opened or reopened by then and not closed since. By month, each row
shows the position at the end of its month; a period that reaches beyond today ends today.

A case belongs to the team and the officer who had it at that time. It is overdue when a promise about it was broken by
then and has neither been made good nor withdrawn since. Its age is in days of the calendar since it was first opened.

The value is the number of open cases (open), the share of them that is overdue (overdue), or their age (median, mean,
p90).
"""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from shouxin.measures.asking import Question, stretches
from shouxin.measures.indicator import DOWN, TIMES_MEASURED, Indicator
from shouxin.measures.kinds import (
    CASE_ASSIGNED,
    CASE_CLOSED,
    CASE_HANDED_OVER,
    CASE_OPENED,
    CASE_REOPENED,
    CASE_TAKEN_BACK,
    PROMISE_BROKEN,
    PROMISE_MADE_GOOD,
    PROMISE_WITHDRAWN,
)

_UNITS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D"}


def formula(facts: ir.Table, asked: Question) -> ir.Table:
    known = facts.filter(facts.day < ibis.date(_until(asked)))
    standing = _standing(known, asked)
    opened = known.filter(known.kind == CASE_OPENED)
    cases = opened.join(standing, opened.subject_id == standing.case_id)
    owned = cases.left_join(_owners(known, standing), ["case_id", "last_on"]).drop("case_id_right", "last_on_right")
    owned = owned.mutate(
        team=owned.owner_team.coalesce(owned.team), actor=owned.owner, day=owned.last_on, value=_age(owned)
    )
    if asked.stat == "overdue":
        late = _overdue(known, standing)
        owned = owned.left_join(late, ["case_id", "last_on"])
        owned = owned.mutate(value=owned.is_late.fill_null(False).cast("float64"))
    elif asked.stat not in TIMES_MEASURED:
        owned = owned.mutate(value=ibis.literal(1.0))
    return owned.select(*facts.columns, "value")


def _until(asked: Question) -> date:
    """The first day that is not looked at: tomorrow has no standing yet."""
    return min(asked.until_on, asked.today + timedelta(days=1)) if asked.today else asked.until_on


def _standing(known: ir.Table, asked: Question) -> ir.Table:
    """(case_id, last_on): every case open at the end of a stretch, by the last day of that stretch."""
    spans = _spans(known, asked)
    ends = [min(after, _until(asked)) - timedelta(days=1) for first, after in stretches(asked) if first < _until(asked)]
    last_on = ibis.array([ibis.date(end) for end in ends or [date.min]]).unnest().name("last_on").as_table()
    held = spans.join(last_on, [spans.opened_on <= last_on.last_on])
    held = held.filter(held.closed_on.isnull() | (held.closed_on > held.last_on))
    return held.select("case_id", "last_on")


def _spans(known: ir.Table, asked: Question) -> ir.Table:
    """(case_id, opened_on, closed_on): from each opening or reopening to the next closing, if it outlasts a stretch."""
    starts = known.filter(known.kind.isin([CASE_OPENED, CASE_REOPENED]))
    starts = starts.select(case_id="subject_id", begun_at="happened_at", opened_on="day")
    ends = known.filter(known.kind == CASE_CLOSED).select(end_id="subject_id", ended_at="happened_at", closed_on="day")
    again = known.filter(known.kind == CASE_REOPENED).select(again_id="subject_id").distinct()
    both = starts.left_join(ends, [starts.case_id == ends.end_id, starts.begun_at <= ends.ended_at])
    both = both.left_join(again, both.case_id == again.again_id)
    # Most cases begin and end in one stretch and are let go before anything is sorted out; a reopened case has several
    # closings, of which the next one counts.
    both = both.filter(_outlasts(both, asked) | both.again_id.notnull())
    first = both.group_by("case_id", "begun_at").agg(opened_on=both.opened_on.min(), closed_on=both.closed_on.min())
    return first.filter(_outlasts(first, asked))


def _outlasts(spans: ir.Table, asked: Question) -> ir.BooleanValue:
    if not asked.span:
        return spans.closed_on.isnull()
    unit = _UNITS[asked.span]
    return spans.closed_on.isnull() | (spans.opened_on.truncate(unit) != spans.closed_on.truncate(unit))


def _owners(known: ir.Table, standing: ir.Table) -> ir.Table:
    """(case_id, last_on, owner_team, owner): who had the case last by then, if it ever was somebody's."""
    moves = known.filter(known.kind.isin([CASE_ASSIGNED, CASE_HANDED_OVER, CASE_TAKEN_BACK]))
    moves = moves.select(
        "subject_id", "happened_at", moved_on="day", to_team=moves.to_team.coalesce(moves.team), to="to"
    )
    by_then = standing.join(moves, [standing.case_id == moves.subject_id, moves.moved_on <= standing.last_on])
    return by_then.group_by("case_id", "last_on").agg(
        owner_team=by_then.to_team.argmax(by_then.happened_at), owner=by_then.to.argmax(by_then.happened_at)
    )


def _overdue(known: ir.Table, standing: ir.Table) -> ir.Table:
    """(case_id, last_on, is_late): cases with a broken promise that was still waiting then."""
    broken = known.filter(known.kind == PROMISE_BROKEN, known.subject.startswith("case:"))
    broken = broken.select(late_id="subject_id", promise="promise", broken_on="day")
    ended = known.filter(known.kind.isin([PROMISE_MADE_GOOD, PROMISE_WITHDRAWN]))
    ended = ended.group_by(ended_promise="promise").agg(ended_on=ended.day.min())
    waiting = broken.left_join(ended, broken.promise == ended.ended_promise)
    both = standing.join(waiting, [standing.case_id == waiting.late_id, waiting.broken_on <= standing.last_on])
    both = both.filter(both.ended_on.isnull() | (both.ended_on > both.last_on))
    return both.select("case_id", "last_on", is_late=True).distinct()


def _age(owned: ir.Table) -> ir.Value:
    return owned.last_on.delta(owned.day, unit="day").cast("float64")


INDICATOR = Indicator(
    code="backlog",
    version=1,
    name=_("Open cases"),
    unit="cases",
    direction=DOWN,
    formula=formula,
    stats=("open", "overdue", *TIMES_MEASURED),
    above=_("cases that are open at the end"),
    below=_("cases that are open at the end"),
    beside=("promises-kept", "first-reply"),
)
