"""Is the state of a promise what its facts say: kept, broken or withdrawn, and due when they say it is?

Both ways: a promise that no fact made was invented, a fact whose promise is gone tells that it was removed.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.record.verifying import Problem, Report, States, chosen

_COMPARED = """WITH p AS (SELECT id, subject, state, due_at FROM public.promises_promise {chosen}), told AS (
SELECT p.id, p.state, p.due_at, coalesce(bool_or(f.kind = 'PromiseMade'), false) AS is_made,
  bool_or(f.kind = 'PromiseKept') AS is_kept, bool_or(f.kind = 'PromiseBroken') AS is_broken,
  bool_or(f.kind = 'PromiseWithdrawn') AS is_withdrawn, (array_agg(f.data ->> 'due_at' ORDER BY f.id DESC))[1] AS said
FROM p LEFT JOIN public.record_fact f ON f.subject = p.subject AND f.kind LIKE 'Promise%%'
  AND f.data -> 'promise' = to_jsonb(p.id)
  AND NOT EXISTS (SELECT FROM public.record_fact c WHERE c.corrects = f.id) GROUP BY p.id, p.state, p.due_at)
SELECT id, is_made, due_at = said::timestamptz, CASE state WHEN 'kept' THEN is_kept WHEN 'broken' THEN is_broken
  WHEN 'withdrawn' THEN is_withdrawn ELSE NOT (is_kept OR is_broken OR is_withdrawn) END FROM told ORDER BY id"""
_GONE = """WITH f AS (SELECT id, subject, (data ->> 'promise')::bigint AS promise FROM (
  SELECT * FROM public.record_fact WHERE kind = 'PromiseMade') AS told {chosen})
SELECT f.id, f.promise FROM f WHERE NOT EXISTS (
  SELECT FROM public.promises_promise p WHERE p.id = f.promise AND p.subject = f.subject)
AND NOT EXISTS (SELECT FROM public.record_fact c WHERE c.corrects = f.id) ORDER BY f.id"""


def compare(database: BaseDatabaseWrapper, asked: States, report: Report) -> list[Problem]:
    """Promises, against the facts about them."""
    where, about = chosen(asked, "subject = %s", "origin = 'live'")
    with database.cursor() as cursor:
        cursor.execute(_COMPARED.format(chosen=where), about)
        rows = cursor.fetchall()
        where, about = chosen(asked, "subject = %s", "source = 'live'")
        cursor.execute(_GONE.format(chosen=where), about)
        gone = cursor.fetchall()
    report.states += len(rows)
    found = [Problem(text) for row in rows if (text := _problem(*row))]
    return found + [Problem(f"the promise {promise} it tells of is not there", fact) for fact, promise in gone]


def _problem(promise: int, is_made: bool, is_due: bool | None, is_state: bool | None) -> str:
    if not is_made:
        return f"promise {promise} is there, but no fact made it"
    if not is_due:
        return f"promise {promise} is due at another instant than its facts say"
    return "" if is_state else f"promise {promise} is in another state than its facts say"
