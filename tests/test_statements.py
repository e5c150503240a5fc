"""A statement that was worked out once finds what its queryset would have found."""

import pytest
from django.db import transaction
from django.db.models import F, Q

from shouxin.core.statements import stated
from shouxin.people.models import Staff, Team

pytestmark = pytest.mark.django_db


@stated
def of_team(team, posts, *, newest_first):
    order = "-pk" if newest_first else "pk"
    return Staff.objects.filter(team=team, post__any_of=posts).order_by(order)


@stated
def with_shout(account):
    return Staff.objects.annotate(again=F("account")).defer("email").filter(Q(account=account) | Q(name=account))


@stated
def accounts(team):
    return Staff.objects.filter(team=team).order_by("pk").values_list("pk", "account")[:2]


def test_rows_are_those_of_the_queryset_whatever_the_values(cast):
    for team in Team.objects.all():
        for posts in ([], ["EC"], ["EC", "CC", "CT"]):
            plain = list(Staff.objects.filter(team=team, post__in=posts).order_by("pk"))
            assert of_team(team=team.pk, posts=posts, newest_first=False) == plain
            assert of_team(team=team.pk, posts=posts, newest_first=True) == plain[::-1]
    assert Staff.objects.filter(team__isnull=False).exists()


def test_the_sql_is_worked_out_once_for_each_shape(cast, django_assert_num_queries):
    of_team(team=1, posts=["EC"], newest_first=True)
    made = dict(of_team._made)
    with django_assert_num_queries(2):
        of_team(team=2, posts=["CC"], newest_first=True)
        of_team(team=1, posts=[], newest_first=True)
    assert of_team._made[True,] is made[True,]


def test_annotations_and_what_was_deferred_are_as_ever(cast):
    someone = Staff.objects.order_by("pk").first()
    found = with_shout.first(account=someone.account)
    assert found == someone
    assert found.again == someone.account
    assert "email" in found.get_deferred_fields()
    assert found.email == someone.email
    assert with_shout.first(account="nobody-of-this-name") is None


def test_a_row_that_was_read_can_be_changed_and_saved(cast):
    someone = Staff.objects.order_by("pk").first()
    found = with_shout.first(account=someone.account)
    found.name = "林測試"
    found.save(update_fields=["name"])
    someone.refresh_from_db()
    assert someone.name == "林測試"


def test_a_shape_that_can_hold_nothing_asks_nothing(cast, django_assert_num_queries):
    @stated
    def some(key, *, may):
        return Team.objects.filter(pk=key) if may else Team.objects.none()

    team = Team.objects.first()
    assert some(key=team.pk, may=True) == [team]
    with django_assert_num_queries(0):
        assert some(key=team.pk, may=False) == []
        assert some.first(key=team.pk, may=False) is None


def test_tuples_stay_tuples(cast):
    team = Staff.objects.filter(team__isnull=False).first().team_id
    assert accounts(team=team) == list(Staff.objects.filter(team=team).order_by("pk").values_list("pk", "account")[:2])


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_within_a_transaction_and_never_outside(cast):
    @stated
    def held(key):
        return Team.objects.select_for_update().filter(pk=key)

    team = Team.objects.first()
    with transaction.atomic():
        assert held(key=team.pk) == [team]
    with pytest.raises(transaction.TransactionManagementError):
        held(key=team.pk)


def test_what_is_prefetched_is_refused_with_the_reason():
    @stated
    def wrong(key):
        return Team.objects.filter(pk=key).prefetch_related("members")

    with pytest.raises(TypeError, match="statement of its own"):
        wrong(key=1)
