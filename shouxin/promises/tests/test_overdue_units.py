"""How late a promise is, in units that can be compared in one list: from a day on in days."""

from datetime import timedelta

import pytest

from shouxin.promises.given import Given
from shouxin.promises.queries import clock_of
from shouxin.promises.tests.stories import at, promised

HOUR = timedelta(hours=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("late", "told"),
    [(HOUR, "逾期 1 小時"), (23 * HOUR, "逾期 23 小時"), (27 * HOUR, "逾期 1 日"), (71 * HOUR, "逾期 2 日")],
)
def test_a_word_by_the_hour_is_late_in_days_from_a_day_on(late, told):
    until = at("11-24", "14:00")
    promise = promised(Given("callback", until), at("11-24", "10:00"))

    assert clock_of(promise, until + late).left_text == told
