"""At a million cases nothing of the desk may read them all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shouxin.cases.desk import day
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_day_of_an_officer_is_found_by_indexes_alone(cast, opened):
    opened()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        day(cast.lin, at=NOON)
    of_cases = [query["sql"] for query in asked.captured_queries if 'FROM "cases_case"' in query["sql"]]
    assert len(of_cases) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in of_cases:
            cursor.execute("EXPLAIN " + sql.replace("%", "%%"))
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on cases_case" not in plan, plan
