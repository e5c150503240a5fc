"""Are the decisions and final letters of complaints those that their facts tell of?"""

from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.record.verifying import Problem, Report, States, chosen

_DECIDED = """WITH f AS (SELECT id, subject, outcome, happened_at FROM (
  SELECT * FROM public.record_fact WHERE kind = 'ComplaintDecided') AS told {chosen})
SELECT f.id, EXISTS (SELECT FROM public.complaints_decision d
  JOIN public.complaints_complaint c ON c.id = d.complaint_id
  WHERE 'case:' || c.case_id = f.subject AND d.at = f.happened_at AND d.outcome = f.outcome) FROM f ORDER BY f.id"""
_SENT = """WITH f AS (SELECT id, data FROM (
  SELECT * FROM public.record_fact WHERE kind = 'FinalLetterSent') AS told {chosen})
SELECT f.id, EXISTS (SELECT FROM public.complaints_finalletter l WHERE to_jsonb(l.id) = f.data -> 'letter'
  AND l.checksum = f.data ->> 'checksum') FROM f ORDER BY f.id"""


def compare(database: BaseDatabaseWrapper, asked: States, report: Report) -> list[Problem]:
    """Decisions and final letters, against the facts that tell of them."""
    where, about = chosen(asked, "subject = %s", "source = 'live'")
    found = []
    for sql, what in ((_DECIDED, "decision"), (_SENT, "letter")):
        with database.cursor() as cursor:
            cursor.execute(sql.format(chosen=where), about)
            rows = cursor.fetchall()
        report.states += len(rows)
        found += [Problem(f"the {what} it tells of is not there", fact) for fact, is_there in rows if not is_there]
    return found
