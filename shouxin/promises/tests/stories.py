"""What the tests of this room begin with: instants of the pictures, rules, and a promise of each kind."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from shouxin.core.refs import Ref
from shouxin.jurisdictions.packs import pack
from shouxin.promises.actions import make
from shouxin.promises.models import Promise

TAIPEI = ZoneInfo("Asia/Taipei")
CASE, WANG, LIN, CHOU = Ref("case", 4517), Ref("customer", 7), Ref("staff", 1), Ref("staff", 2)
KEY = "TW:台北市"
COMPLAINT = pack("TW").rule("TW-14")  # 30 days, answered in writing
SERVICING = pack("company").rule("CO-05")  # 3 working days, may be paused
CALLBACK = pack("company").rule("CO-02")  # 2 working hours
PERSONAL_DATA = pack("TW").rule("TW-30")  # 15 days, may be lengthened


def at(day: str, hour: str = "10:00", year: int = 2026) -> datetime:
    """``at("11-24", "14:40")`` on the wall of Taipei."""
    return datetime.fromisoformat(f"{year}-{day}T{hour}").replace(tzinfo=TAIPEI)


def promised(rule: Any = COMPLAINT, start_at: datetime | None = None, **more: Any) -> Promise:
    """A promise made to 王雅婷 about her case."""
    about = {
        "subject": CASE, "person": WANG, "start_at": start_at or at("11-22", "20:41"), "calendar_key": KEY, "by": LIN,
        "dims": {"team": "complaints-1", "post": "EC", "branch": "taipei", "service": "A15", "officer": str(LIN)},
    }  # fmt: skip
    return make(rule, **({"begun_by": getattr(rule, "start", "")} | about | more))


def told(*kinds: str) -> list[dict[str, Any]]:
    """The facts of these kinds (all, when none is named) in the order they were recorded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, happened_at, subject, actor, rule, team, outcome, seconds, working_seconds, data,"
            " corrects, audience, source, jurisdiction FROM record_fact WHERE kind = ANY(%s) OR %s ORDER BY id",
            [list(kinds), not kinds],
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [row | {"data": json.loads(row["data"])} for row in rows]
