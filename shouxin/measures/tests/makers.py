"""Facts by hand: what happened to a case, told in one line each, as the rooms below record it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shouxin.record.facts import DIMENSIONS
from shouxin.record.recording import COLUMNS, copy_facts, fact_ids

TAIPEI = ZoneInfo("Asia/Taipei")


def at(day: str, hour: str = "10:00") -> datetime:
    """An instant on the company's wall: at("2026-11-02", "09:30")."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=TAIPEI)


def row(kind: str, case: int, when: datetime, **said: Any) -> dict[str, Any]:
    """A fact about a case; dimensions and quantities by their names, everything else becomes its data."""
    told = dict.fromkeys(DIMENSIONS, "") | {
        "happened_at": when, "kind": kind, "version": 1, "source": "live", "audience": "staff",
        "subject": f"case:{case}", "person": None, "actor": None, "corrects": None, "seconds": None,
        "working_seconds": None, "content_hash": None,
    }  # fmt: skip
    own = {key: value for key, value in said.items() if key not in told}
    return told | {key: value for key, value in said.items() if key in told} | {"data": json.dumps(own)}


def span(kind: str, case: int, opened: datetime, closed: datetime, **said: Any) -> dict[str, Any]:
    """A fact at the end of something that took from `opened` to `closed`."""
    return row(kind, case, closed, seconds=int(closed.timestamp() - opened.timestamp()), **said)


def write(rows: Sequence[dict[str, Any]]) -> list[int]:
    """COPY them into the record; returns their numbers."""
    ids = fact_ids(len(rows))
    copy_facts(tuple((each | {"id": number})[name] for name in COLUMNS) for each, number in zip(rows, ids, strict=True))
    return ids
