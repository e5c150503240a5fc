"""One's own figures of this month: the same ones as on the pages of the indicators, asked for oneself."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from shouxin.measures.asking import Question
from shouxin.measures.engine import Row, measure
from shouxin.measures.indicators import registry
from shouxin.measures.relation import reading
from shouxin.measures.rules import narrowed
from shouxin.people.models import Staff

SHOWN = ("promises-kept", "first-reply", "complaints-closed", "hand-overs")


@dataclass(frozen=True)
class Own:
    name: str
    row: Row
    unit: str
    url: str


def own(staff: Staff, today: date) -> list[Own]:
    """From the first of the month until today."""
    with reading():
        return [_own(code, staff, today) for code in SHOWN]


def _own(code: str, staff: Staff, today: date) -> Own:
    mine = (("staff", staff.account),)
    asked = narrowed(Question(code, today.replace(day=1), today + timedelta(days=1), where=mine, today=today), staff)
    answer = measure(asked)
    query = urlencode({"since": asked.from_on, "last": today, "where": f"staff={staff.account}"})
    url = f"{reverse('measures:indicator', args=[code])}?{query}"
    return Own(registry()[code].named(), answer.rows[0], answer.unit, url)
