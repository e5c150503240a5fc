"""Many at once: nothing is given twice, nothing is taken in twice. Real connections, committed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from shouxin.cases.actions import close, open_case, reply, take_next
from shouxin.cases.models import Case, Service, Touch, WorkItem
from shouxin.cases.rules import Claimant
from tests.cast import NOON, make_cast

pytestmark = pytest.mark.database
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def insurer(own_database):
    return make_cast()


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run all of them in threads of their own, each with its own connection."""

    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def taken_in(insurer, key=None, service="A15") -> Case:
    return open_case(
        by=None, at=NOON, service=Service.objects.get(code=service), channel="web", subject="申訴", body="請查明",
        branch=insurer.taipei, claimant=Claimant(name="王雅婷"), key=key or uuid4(),
    )  # fmt: skip


def test_sixty_items_are_taken_by_twelve_at_once_and_none_twice(insurer):
    opened = {str(taken_in(insurer).ref) for _ in range(60)}

    def take_all(staff) -> list[str]:
        found = []
        while (item := take_next(staff, at=LATER)) is not None:
            found.append(item.subject)
        return found

    rounds = at_once([lambda staff=staff: take_all(staff) for staff in (insurer.lin, insurer.chen, insurer.chen) * 4])
    rounds += at_once([lambda: take_all(insurer.lin)])

    taken = [subject for found in rounds for subject in found]
    assert len(taken) == len(set(taken)) == 60
    assert set(taken) == opened
    assert not WorkItem.objects.filter(officer=None).exists()
    assert Case.objects.filter(state="open").count() == 60


def test_the_same_request_from_eight_impatient_clicks_is_one_case(insurer):
    key = uuid4()

    numbers = at_once([lambda: taken_in(insurer, key).number] * 8)

    assert len(set(numbers)) == 1
    assert Case.objects.count() == Touch.objects.count() == 1


def test_the_same_answer_posted_four_times_at_once_is_one_touch(insurer):
    case, key = taken_in(insurer), uuid4()

    touches = at_once([lambda: reply(case, by=insurer.lin, body="您好", key=key, at=LATER).pk] * 4)

    assert len(set(touches)) == 1
    assert Touch.objects.filter(direction="outbound").count() == 1


def test_taking_and_closing_the_same_case_do_not_wait_for_each_other_for_ever(insurer):
    cases = [taken_in(insurer, service="A14") for _ in range(20)]

    at_once(
        [lambda case=case: close(case, by=insurer.chen, reason="duplicate", at=LATER) for case in cases[:10]]
        + [lambda: take_next(insurer.chen, at=LATER)] * 10
    )

    assert Case.objects.filter(state="closed").count() == 10
    assert WorkItem.objects.count() == 10
