"""Cases to look at, and somebody who looks."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from shouxin.cases.actions import open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.record.subscribers import deliver
from tests.cast import NOON


@pytest.fixture
def signed_in(client):
    """signed_in(cast.lin) -> a browser in which she is signed in."""

    def enter(staff):
        client.force_login(staff, backend="shouxin.people.backends.StaffBackend")
        return client

    return enter


@pytest.fixture
def opened(cast):
    """opened(at=…) -> an open case of the complaints team."""

    def make(*, at=NOON, subject="理賠金還沒有下來") -> Case:
        return open_case(
            by=None, at=at, service=Service.objects.get(code="A15"), channel="web", subject=subject, body="麻煩查一下",
            branch=cast.taipei, claimant=Claimant(name="王雅婷", phone="0912345417", email="ya.ting@example.com"),
        )  # fmt: skip

    return make


@pytest.fixture
def worker(db):
    """worker() -> every delivery that waits has been made, in the order it was deferred."""

    def run() -> None:
        for job in ProcrastinateJob.objects.filter(task_name="hear").order_by("id"):
            deliver(**job.args)

    return run
