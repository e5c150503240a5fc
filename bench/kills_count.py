"""What is counted after the kills: nothing acknowledged is lost, nothing is there twice."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.kills import Acknowledged

_DOUBLED = {
    "cases of one key": "SELECT count(*) - count(DISTINCT key) FROM cases_case",
    "numbers": "SELECT count(*) - count(DISTINCT number) FROM cases_case",
    "openings of a case": """SELECT count(*) - count(DISTINCT subject) FROM record_fact WHERE kind = 'CaseOpened'""",
    "touches of one key": "SELECT count(key) - count(DISTINCT key) FROM cases_touch",
    "touches of one fact": "SELECT count(fact) - count(DISTINCT fact) FROM cases_touch",
    "replies in the record": """SELECT abs((SELECT count(*) FROM record_fact WHERE kind = 'ReplySent')
      - (SELECT count(*) FROM cases_touch WHERE direction = 'outbound'))""",
    "requests in the record": """SELECT abs((SELECT count(*) FROM record_fact WHERE kind = 'TouchReceived')
      - (SELECT count(*) FROM cases_touch WHERE direction = 'inbound'))""",
    "promises fired": """SELECT count(*) - count(DISTINCT data ->> 'promise') FROM record_fact
      WHERE kind = 'PromiseBroken'""",
    "promises kept": """SELECT count(*) - count(DISTINCT data ->> 'promise') FROM record_fact
      WHERE kind = 'PromiseKept'""",
    "receipts of a case": """SELECT count(*) - count(DISTINCT case_id) FROM cases_letter WHERE touch_id IS NULL""",
}
_LATER = {
    "jobs": "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND attempts < 12",
    "promises": "SELECT count(*) FROM promises_promise WHERE state = 'running' AND due_at < clock_timestamp()",
    "promises to come": """SELECT count(*) FROM promises_promise
      WHERE state = 'running' AND subject LIKE 'bench:%'""",
    "unsealed": """SELECT count(*) FROM record_fact
      WHERE xid >= coalesce((SELECT max(xid_until) FROM record_seal), 0)""",
}


def doubled() -> dict[str, float]:
    """How many of each are there once too often."""
    return {what: _value(sql) for what, sql in _DOUBLED.items()}


def later() -> dict[str, float]:
    """What is still to be done in the background."""
    return {what: _value(sql) for what, sql in _LATER.items()}


def lost(known: "Acknowledged") -> dict[str, float]:
    """How much of what was acknowledged is not there, or is there and was never told."""
    from shouxin.cases.models import Case, Touch

    numbers = dict(Case.objects.filter(key__in=known.intakes).values_list("key", "number"))
    stored = {str(key): number for key, number in numbers.items()}
    touched = Touch.objects.filter(key__in=known.replies).values_list("key", "case__number")
    answered = {str(key): number for key, number in touched}
    return {
        "requests": sum(f"/{stored.get(key)}/" not in led for key, led in known.intakes.items()),
        "replies": sum(answered.get(key) != number for key, number in known.replies.items()),
        "openings in the record": _value(
            "SELECT count(*) FROM cases_case c WHERE NOT EXISTS"
            " (SELECT 1 FROM record_fact WHERE subject = 'case:' || c.id AND kind = 'CaseOpened')"
        ),
        "facts of touches": _value(
            "SELECT count(*) FROM cases_touch t WHERE NOT EXISTS (SELECT 1 FROM record_fact WHERE id = t.fact)"
        ),
        "work items": _value(
            "SELECT count(*) FROM cases_case c WHERE state <> 'closed' AND NOT EXISTS"
            " (SELECT 1 FROM cases_workitem WHERE subject = 'case:' || c.id)"
        ),
        "promises": len(known.promises) - _value(
            "SELECT count(*) FROM promises_promise WHERE state = 'broken' AND id = ANY(%s)", [known.promises]
        ),
        "firings in the record": len(known.promises) - _value(
            "SELECT count(*) FROM record_fact WHERE kind = 'PromiseBroken' AND (data ->> 'promise')::bigint = ANY(%s)",
            [known.promises],
        ),
    }  # fmt: skip


def _value(sql: str, about: list | None = None) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, about)
        return cursor.fetchone()[0]
