"""What several indicators build on: closings that stand, and how long things took."""

import ibis
import ibis.expr.types as ir

from shouxin.measures.asking import WORKING, Question
from shouxin.measures.kinds import CASE_REOPENED

# What facts about complaints say beside the dimensions; several values each.
COMPLAINT_KEYS = ("reason", "subreason", "company", "coverage", "subcoverage", "disposition", "conclusion")


def standing_closings(facts: ir.Table, kind: str) -> ir.Table:
    """Closings that were not undone: none of them is followed by a reopening of the same case."""
    closings = facts.filter(facts.kind == kind)
    reopenings = facts.filter(facts.kind == CASE_REOPENED)
    last = reopenings.group_by(reopened_id=reopenings.subject_id).agg(reopened_at=reopenings.happened_at.max())
    both = closings.left_join(last, closings.subject_id == last.reopened_id)
    return both.filter(both.reopened_at.isnull() | (both.reopened_at <= both.happened_at)).drop(
        "reopened_id", "reopened_at"
    )


def in_period(facts: ir.Table, asked: Question) -> ir.Table:
    """Facts whose day lies in the period; the day after the last is no part of it."""
    return facts.filter(facts.day >= ibis.date(asked.from_on), facts.day < ibis.date(asked.until_on))


def days_taken(facts: ir.Table, asked: Question) -> ir.Value:
    """Days from beginning to end as the clocks count them: the first not counted, the last counted to its end.

    Each fact says how many it took. One of before days were recorded has no working days and is left out of those;
    its calendar days are reckoned from its seconds, as days of the company.
    """
    if asked.unit == WORKING:
        return facts.working_days_counted.cast("float64")
    reckoned = facts.day.delta(facts.began_on, unit="day")
    return facts.days_counted.coalesce(reckoned).cast("float64")
