"""A case as it stands in the database, without the numbers that differ each time."""

import json
from typing import Any

from django.db import connection

from shouxin.cases.models import Case, CaseWords, WorkItem
from shouxin.cases.searching import case_words
from shouxin.complaints.models import Complaint
from shouxin.promises.models import Promise
from shouxin.record.facts import DIMENSIONS

FACTS = (
    f"SELECT f.id, kind, version, audience, happened_at, subject, person, actor, {', '.join(DIMENSIONS)}, seconds,"
    " working_seconds, data, body AS content FROM record_fact f LEFT JOIN record_fact_content t ON t.fact = f.id"
    " WHERE subject = %s ORDER BY f.id"
)
# Numbers of rows and of files that are made anew each time.
OWN = {"promise", "letter", "checksum", "act_fact"}


def facts_about(case: Case) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [str(case.ref)])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {"data": json.loads(row["data"]), "content": json.loads(row["content"] or "{}")} for row in rows]


def told(case: Case) -> list[dict[str, Any]]:
    """The facts in the order of the world."""
    facts = [
        {name: value for name, value in fact.items() if name not in ("id", "subject")}
        | {"data": {name: value for name, value in fact["data"].items() if name not in OWN}}
        for fact in facts_about(case)
    ]
    return sorted(facts, key=lambda fact: (fact["happened_at"], fact["kind"], fact["rule"]))


def _row(thing: Any, *but: str) -> dict[str, Any]:
    names = [field.attname for field in thing._meta.concrete_fields]
    return {name: getattr(thing, name) for name in names if name not in ("id", *but)}


def _words(case: Case) -> list[str]:
    """The search words, but for those of its own number."""
    own = case_words(case.number, case.opened_at, [])
    return sorted(word for word in set(CaseWords.objects.get(case=case).words) - set(own) if not _is_short(word))


def _is_short(word: str) -> bool:
    """A running number: that of a customer may be that of a case as well."""
    return word.isdigit() and (len(word) < 4 or word.startswith("00"))


def stand(case: Case) -> dict[str, Any]:
    """Everything the rooms hold about the case."""
    about = str(case.ref)
    promises = Promise.objects.filter(subject=about).order_by("start_at", "rule")
    complaint = Complaint.objects.filter(case=case).first()
    return {
        "case": _row(Case.objects.get(pk=case.pk), "number", "key", "digest", "source"),
        "words": _words(case),
        "work": [_row(each, "subject") for each in WorkItem.objects.filter(subject=about)],
        "touches": [_row(each, "case_id", "fact", "key", "digest") for each in case.touches.order_by("at", "id")],
        "papers": [_row(each, "case_id", "attachment_id") for each in case.papers.order_by("code")],
        "promises": [_row(each, "subject", "origin", "act_fact") for each in promises],
        "pauses": [_row(pause, "promise_id", "fact") for each in promises for pause in each.pauses.order_by("id")],
        "dues": [_row(due, "promise_id") for each in promises for due in each.dues.order_by("id")],
        "complaint": _row(complaint, "case_id") if complaint else {},
        "decisions": [_row(each, "complaint_id") for each in complaint.decisions.all()] if complaint else [],
        "letters": [_row(each, "complaint_id", "decision_id", "checksum", "file") for each in complaint.letters.all()]
        if complaint else [],
    }  # fmt: skip
