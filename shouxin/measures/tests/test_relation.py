"""What counts: corrected facts do not, examples only where nothing is real, secrets only for their readers."""

from datetime import date

import pytest
from django.db import connection

from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.core.refs import Ref
from shouxin.measures.asking import Question
from shouxin.measures.engine import facts_behind, measure
from shouxin.measures.relation import reading, valid
from shouxin.measures.tests.makers import at, row, write
from shouxin.record.queries import facts_valid
from shouxin.record.recording import correct

pytestmark = [pytest.mark.django_db, pytest.mark.database]
ASKED = Question("complaints-opened", date(2026, 11, 1), date(2026, 12, 1))
DAY = at("2026-11-03")


def counted(asked=ASKED):
    return measure(asked).rows[0].value


def opened(*cases, **about):
    return write([row("ComplaintOpened", case, DAY, **about) for case in cases])


def withdrawn(fact):
    return correct(fact, None, by=Ref("staff", 1), reason="entered twice")


def test_a_withdrawn_fact_no_longer_counts_but_did_at_the_time():
    first, _second = opened(1, 2)
    before = now()

    withdrawn(first)

    assert counted() == 1
    assert counted(ASKED.but(as_known_at=before)) == 2
    assert counted(ASKED.but(as_known_at=DAY)) == 0


def test_the_relation_is_that_of_the_record():
    facts = opened(1, 2, 3)
    before = now()
    withdrawn(withdrawn(facts[0]))
    withdrawn(facts[1])
    for known in (None, before):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {facts_valid(known)}")
            expected = sorted(each[0] for each in cursor.fetchall())
        with reading() as record:
            found = sorted(each["id"] for each in record.rows(f"SELECT id FROM ({valid(as_known_at=known)})"))

        assert found == expected


def test_examples_are_left_out_once_something_is_real():
    opened(1, 2, source="example")
    assert counted() == 2

    opened(3, source="import")

    assert counted() == 1
    assert counted(ASKED.but(where=(("source", "example"),))) == 2


def test_a_live_fact_that_is_no_case_does_not_end_the_example():
    opened(1, source="example")
    write([row("PersonalDataShown", 1, DAY)])

    assert counted() == 1


def test_each_reader_counts_what_it_may_read():
    opened(1)
    opened(2, audience="compliance")

    assert counted(ASKED.but(audience=Audience.STAFF)) == 1
    assert counted(ASKED.but(audience=Audience.COMPLIANCE)) == 2
    assert counted() == 2


def test_a_figure_opens_to_the_facts_it_counts_page_by_page():
    facts = opened(*range(1, 8), team="a")
    opened(9, team="b")
    asked = ASKED.within({"month": "2026-11", "team": "a"})

    first = [fact.id for fact in facts_behind(asked, limit=5)]
    rest = [fact.id for fact in facts_behind(asked, after=first[-1], limit=5)]

    assert first + rest == facts


def test_figures_of_one_reading_ask_the_database_once(django_assert_num_queries):
    opened(1)
    measure(ASKED)
    with django_assert_num_queries(3), reading():
        assert {counted(), counted(ASKED.but(by=("team",)))} == {1}
