from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from shouxin.core.clock import now
from shouxin.record.tests.samples import written
from shouxin.record.watching import findings, unsealed_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_person_on_watch_is_told_of_one_role_for_all_of_missing_months_and_of_late_seals():
    written()
    with translation.override("en"):
        assert [found.tone for found in findings(now())] == ["amber"]
        later = findings(datetime(now().year + 2, 5, 9, tzinfo=UTC))
    assert [found.tone for found in later] == ["amber", "red", "amber"]
    assert f"{now().year + 2}-05, {now().year + 2}-06" in later[1].text


def test_what_is_sealed_waits_no_more():
    assert unsealed_for(now()) == timedelta(0)
    written()
    assert timedelta(minutes=9) < unsealed_for(now() + timedelta(minutes=10)) < timedelta(minutes=11)
