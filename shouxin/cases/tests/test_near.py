"""What is near does not end with the calendar's week: on a Sunday Monday is near."""

from datetime import datetime, timedelta

import pytest

from shouxin.cases.desk import due_when
from shouxin.cases.models import Case
from tests.cast import TAIPEI

SUNDAY = datetime(2026, 11, 29, 10, tzinfo=TAIPEI)
MIDNIGHT = datetime(2026, 11, 30, tzinfo=TAIPEI)  # Sunday's 24:00
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("due_at", "name"),
    [
        (SUNDAY - DAY, "overdue"), (MIDNIGHT, "today"), (MIDNIGHT + DAY, "week"), (MIDNIGHT + 7 * DAY, "week"),
        (MIDNIGHT + 7 * DAY + timedelta(hours=1), None),
    ],
)  # fmt: skip
def test_monday_is_near_on_a_sunday(opened, due_at, name):
    case = opened("A14")
    Case.objects.filter(pk=case.pk).update(due_at=due_at)
    found = [each for each in ("overdue", "today", "week") if Case.objects.filter(due_when(each, SUNDAY)).exists()]

    assert found == ([name] if name else [])
