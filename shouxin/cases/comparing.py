"""Was a case opened and closed when its facts say? And is there a case for each opening, an opening for each case?"""

from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.cases.models import Case
from shouxin.record.verifying import Problem, Report, States, chosen

_COMPARED = """WITH c AS (SELECT id, number, state, opened_at, closed_at FROM public.cases_case {chosen}), told AS (
SELECT c.number, c.state, c.opened_at, c.closed_at, min(f.happened_at) FILTER (WHERE f.kind = 'CaseOpened') AS opened,
  (array_agg(f.kind ORDER BY f.happened_at DESC, f.id DESC) FILTER (WHERE f.kind <> 'CaseOpened'))[1] AS last,
  max(f.happened_at) FILTER (WHERE f.kind = 'CaseClosed') AS closed
FROM c LEFT JOIN public.record_fact f ON f.subject = 'case:' || c.id
  AND f.kind IN ('CaseOpened', 'CaseClosed', 'CaseReopened')
  AND NOT EXISTS (SELECT FROM public.record_fact o WHERE o.corrects = f.id)
GROUP BY c.number, c.state, c.opened_at, c.closed_at)
SELECT number, coalesce(opened = opened_at, false), CASE WHEN last = 'CaseClosed'
  THEN state = 'closed' AND closed_at = closed ELSE state <> 'closed' END FROM told ORDER BY number"""
_GONE = """WITH f AS (SELECT id, subject FROM (
  SELECT * FROM public.record_fact WHERE kind = 'CaseOpened') AS told {chosen})
SELECT f.id FROM f WHERE NOT EXISTS (SELECT FROM public.cases_case c WHERE c.id = split_part(f.subject, ':', 2)::bigint)
ORDER BY f.id"""


def compare(database: BaseDatabaseWrapper, asked: States, report: Report) -> list[Problem]:
    """Cases, against the facts about them."""
    where, about = chosen(asked, "'case:' || id = %s", "source = 'live'")
    with database.cursor() as cursor:
        cursor.execute(_COMPARED.format(chosen=where), about)
        rows = cursor.fetchall()
        where, about = chosen(asked, "subject = %s", "source = 'live'")
        cursor.execute(_GONE.format(chosen=where), about)
        found = [Problem("the case it opened is not there", fact) for (fact,) in cursor.fetchall()]
    report.states += len(rows)
    for number, is_opened, is_closed in rows:
        if not (is_opened and is_closed):
            what = "is open or was closed" if is_opened else "was opened"
            found.append(Problem(f"case {number} {what} otherwise than its facts say"))
    return found


def subject_of(number: str) -> str:
    """The reference of the case with this number."""
    case = Case.objects.filter(number=number.strip().upper()).first()
    return str(case.ref) if case else ""
