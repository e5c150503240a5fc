"""Are the decisions and final letters of complaints those that their facts tell of, and no others?"""

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

_UNTOLD = """WITH d AS (SELECT number, subject, outcome, at FROM (SELECT c.number, 'case:' || c.id AS subject,
  d.outcome, d.at, c.source FROM public.complaints_decision d
  JOIN public.complaints_complaint k ON k.id = d.complaint_id
  JOIN public.cases_case c ON c.id = k.case_id) AS made {chosen})
SELECT d.number FROM d WHERE NOT EXISTS (SELECT FROM public.record_fact f WHERE f.subject = d.subject
  AND f.kind = 'ComplaintDecided' AND f.happened_at = d.at AND f.outcome = d.outcome) ORDER BY d.number"""
_UNSENT = """WITH l AS (SELECT id, number, subject, checksum FROM (SELECT l.id, c.number, 'case:' || c.id AS subject,
  l.checksum, c.source FROM public.complaints_finalletter l JOIN public.complaints_complaint k ON k.id = l.complaint_id
  JOIN public.cases_case c ON c.id = k.case_id) AS sent {chosen})
SELECT l.number FROM l WHERE NOT EXISTS (SELECT FROM public.record_fact f WHERE f.subject = l.subject
  AND f.kind = 'FinalLetterSent' AND f.data -> 'letter' = to_jsonb(l.id) AND f.data ->> 'checksum' = l.checksum)
ORDER BY l.number"""


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
    for sql, what in ((_UNTOLD, "decision"), (_UNSENT, "letter")):
        with database.cursor() as cursor:
            cursor.execute(sql.format(chosen=where), about)
            found += [Problem(f"no fact tells of a {what} in case {number}") for (number,) in cursor.fetchall()]
    return found
