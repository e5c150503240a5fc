"""What several indicators build on: closings that stand, and how long things took."""

import ibis
import ibis.expr.types as ir

from shouxin.measures.asking import WORKING, Question
from shouxin.measures.kinds import CASE_REOPENED, COMPLAINT_CLASSIFIED

# What facts about complaints say beside the dimensions; several values each.
COMPLAINT_KEYS = ("reason", "subreason", "company", "coverage", "subcoverage", "disposition", "conclusion")


def standing_closings(facts: ir.Table, kind: str) -> ir.Table:
    """Closings that stood when their month was over: none is followed by a reopening of the case in the same month.

    What is reopened later does not take back the closing of a past month: it is a reopening of its own month.
    """
    closings = facts.filter(facts.kind == kind)
    again = facts.filter(facts.kind == CASE_REOPENED)
    again = again.select(reopened_id="subject_id", reopened_at="happened_at", reopened_in=again.day.truncate("M"))
    undone = closings.join(
        again,
        [
            closings.subject_id == again.reopened_id,
            closings.happened_at < again.reopened_at,
            closings.day.truncate("M") == again.reopened_in,
        ],
    )
    gone = undone.select(undone_id="id").distinct()
    return closings.anti_join(gone, closings.id == gone.undone_id)


def only_complaints(rows: ir.Table, facts: ir.Table) -> ir.Table:
    """Without those that were classified as something else in the end: an enquiry, a claim."""
    said = facts.filter(facts.kind == COMPLAINT_CLASSIFIED)
    last = said.group_by(classified_id=said.subject_id).agg(last_said=said.data.argmax(said.happened_at))
    others = last.filter(~last.last_said.contains('"line": "complaint"'))
    return rows.anti_join(others, rows.subject_id == others.classified_id)


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
