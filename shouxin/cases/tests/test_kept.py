"""What is kept in memory is what the database holds."""

import pytest

from shouxin.cases.models import Service
from shouxin.cases.queries import services
from shouxin.core.kept import one_reading, stamps_of
from shouxin.people.models import Staff, Team

pytestmark = pytest.mark.django_db


def test_within_one_reading_the_stamps_are_asked_for_once(cast, django_assert_num_queries):
    services()
    with one_reading(), django_assert_num_queries(1):
        assert services()["A14"].name == services()["A14"].name
        assert stamps_of(("cases_service", "people_team"))


def test_own_changes_are_seen_within_the_same_reading(cast):
    with one_reading():
        assert services()["A14"].is_offered
        Service.objects.filter(pk="A14").update(is_offered=False)
        assert not services()["A14"].is_offered


def test_a_row_from_memory_is_what_the_database_holds_and_nobody_elses(cast):
    lin = Staff.objects.get(pk=cast.lin.pk)
    team, again = lin.team, Staff.objects.get(pk=cast.lin.pk).team
    assert (team.pk, team.name) == (cast.lin.team_id, Team.objects.get(pk=team.pk).name)
    team.name = "改過但沒有存"
    assert again.name != team.name
    Team.objects.filter(pk=team.pk).update(name="新的組名")
    assert Staff.objects.get(pk=cast.lin.pk).team.name == "新的組名"


def test_a_table_without_a_stamp_is_an_error(cast):
    with pytest.raises(LookupError, match="customers_customer"):
        stamps_of(("customers_customer",))
