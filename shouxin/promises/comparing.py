"""Is the state of a promise what its facts say: kept, broken or withdrawn, and due when they say it is?"""

from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.record.verifying import Problem, Report, States, chosen

_COMPARED = """WITH p AS (SELECT id, subject, state, due_at FROM public.promises_promise {chosen}), told AS (
SELECT p.id, p.state, p.due_at,
  bool_or(f.kind = 'PromiseKept') AS is_kept, bool_or(f.kind = 'PromiseBroken') AS is_broken,
  bool_or(f.kind = 'PromiseWithdrawn') AS is_withdrawn, (array_agg(f.data ->> 'due_at' ORDER BY f.id DESC))[1] AS said
FROM p JOIN public.record_fact f ON f.subject = p.subject AND f.kind LIKE 'Promise%%'
  AND f.data -> 'promise' = to_jsonb(p.id)
WHERE NOT EXISTS (SELECT FROM public.record_fact c WHERE c.corrects = f.id) GROUP BY p.id, p.state, p.due_at)
SELECT id, due_at = said::timestamptz, CASE state WHEN 'kept' THEN is_kept WHEN 'broken' THEN is_broken
  WHEN 'withdrawn' THEN is_withdrawn ELSE NOT (is_kept OR is_broken OR is_withdrawn) END FROM told ORDER BY id"""


def compare(database: BaseDatabaseWrapper, asked: States, report: Report) -> list[Problem]:
    """Promises, against the facts about them."""
    where, about = chosen(asked, "subject = %s", "origin = 'live'")
    with database.cursor() as cursor:
        cursor.execute(_COMPARED.format(chosen=where), about)
        rows = cursor.fetchall()
    report.states += len(rows)
    found = []
    for promise, is_due, is_state in rows:
        if not (is_due and is_state):
            what = "in another state" if is_due else "due at another instant"
            found.append(Problem(f"promise {promise} is {what} than its facts say"))
    return found
