"""What is kept in memory is what a query would find."""

import pytest
from django.db import connection, transaction

from shouxin.core.kept import kept
from shouxin.people.models import Branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """A kept question, and how often it was really asked."""
    times = []

    @kept("people_branch")
    def names(place: str) -> list[str]:
        times.append(place)
        return list(Branch.objects.filter(place=place).order_by("id").values_list("name", flat=True))

    return names, times


def found(code: str, name: str) -> Branch:
    return Branch.objects.create(code=code, name=name, place="台北市", jurisdiction="TW")


def test_the_same_question_is_asked_once_until_the_table_changes(asked):
    names, times = asked
    branch = found("kept-1", "信義")
    assert names("台北市") == names("台北市") == ["信義"]
    assert times == ["台北市"]
    branch.name = "松山"
    branch.save()
    assert names("台北市") == ["松山"]
    Branch.objects.filter(pk=branch.pk).update(name="大安")
    assert names("台北市") == ["大安"]
    branch.delete()
    assert names("台北市") == []


def test_what_was_undone_was_never_so(asked):
    names, _times = asked
    found("kept-2", "信義")
    assert names("台北市") == ["信義"]
    with transaction.atomic():
        found("kept-3", "松山")
        assert names("台北市") == ["信義", "松山"]
        transaction.set_rollback(True)
    assert names("台北市") == ["信義"]


def test_each_question_has_its_own_answer(asked):
    names, times = asked
    found("kept-4", "信義")
    assert names("台北市") == ["信義"] and names("台南市") == []
    assert names("台北市") == ["信義"]
    assert times == ["台北市", "台南市"]


def test_a_table_that_tells_nobody_of_its_changes_is_refused():
    ask = kept("people_branch", "django_session")(lambda: 1)
    with pytest.raises(LookupError, match="django_session"):
        ask()


def test_every_question_that_is_kept_names_tables_with_a_stamp():
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, to_regclass(subject) IS NOT NULL FROM core_stamp")
        stamped = dict(cursor.fetchall())
    assert stamped and all(stamped.values())
