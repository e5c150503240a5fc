"""A clock that is looked at turns by itself: from due soon to overdue, words and ring, and the bell rings."""

from datetime import timedelta

import pytest

from shouxin.cases.actions import assign, open_case
from shouxin.cases.catalogue import load_catalogue
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.promises.actions import make
from shouxin.promises.given import Given
from shouxin.promises.models import Promise
from tests.browser import sign_in
from tests.cast import make_cast

pytestmark = pytest.mark.journey


@pytest.fixture
def case(transactional_db) -> Case:
    load_catalogue()
    cast = make_cast()
    case = open_case(
        by=None, at=now() - timedelta(hours=1), service=Service.objects.get(pk="A01"), channel="web",
        subject="地址變更", body="請改地址。", branch=cast.taipei, claimant=Claimant(name="王雅婷"),
    )  # fmt: skip
    return assign(case, by=cast.lin, to=cast.lin)


def test_an_open_page_turns_when_the_instant_passes(page, worker, case):
    Promise.objects.all().delete()
    promise = make(
        Given("callback", now() + timedelta(seconds=20)), subject=case.ref, start_at=now() - timedelta(hours=1),
        calendar_key="TW:台北市", dims=case.dims() | {"officer": str(case.officer.ref)},
    )  # fmt: skip
    sign_in(page, "lin")
    page.goto(f"/cases/{case.number}/")
    clock = page.locator(f"#clock-{promise.pk}")
    assert clock.get_attribute("data-state") == "soon"

    page.locator(f"#clock-{promise.pk}[data-state=broken]").wait_for(timeout=40_000)
    assert "逾期" in clock.inner_text()
    assert page.locator("#head-clock").get_attribute("data-state") == "broken"
    page.locator("#bell .badge").wait_for(timeout=90_000)
