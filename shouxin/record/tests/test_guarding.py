"""Nobody changes a fact: not the owner by a statement, not the web role at all."""

import secrets
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from shouxin.core.clock import now
from shouxin.record.granting import _OURS, grant
from shouxin.record.guarding import role_problem, unguarded
from shouxin.record.partitions import make_partitions, missing_months
from shouxin.record.tests.samples import CASE, LIN, LetterWritten, sealed, written
from tests.databases import another

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]
TABLES = ("record_fact", "record_fact_content", "record_seal", "record_seal_print", "record_epoch", "record_erasure")


def _run(sql: str, about: list | None = None) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, about or [])
        return cursor.fetchall() if cursor.description else []


def _partition() -> str:
    return _run("SELECT tableoid::regclass::text FROM record_fact LIMIT 1")[0][0]


def _changes(table: str) -> list[str]:
    column = _run("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 2", [table])[0][0]
    return [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"]


@pytest.mark.parametrize("role", ["origin", "replica", "local"])
def test_no_statement_changes_the_record_not_even_a_replicas(role):
    written(content={"body": "信"})
    sealed()
    for table in (_partition(), "record_fact", "record_seal", "record_seal_print", "record_epoch"):
        column = _run("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table])[0][0]
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(DatabaseError, match="the record is never changed"), transaction.atomic():
                _run(f"SET LOCAL session_replication_role = {role}")
                _run(statement)
    for statement in ("UPDATE record_fact_content SET body = '{}'", "TRUNCATE record_fact_content"):
        with pytest.raises(DatabaseError, match="the record is never changed"), transaction.atomic():
            _run(f"SET LOCAL session_replication_role = {role}")
            _run(statement)


def test_a_new_month_is_guarded_when_it_is_made():
    assert missing_months(now()) == []
    later = datetime(now().year + 1, 6, 1, tzinfo=UTC)
    assert missing_months(later) == [datetime(later.year, 6, 1).date(), datetime(later.year, 7, 1).date()]
    assert make_partitions(later) == 4
    assert make_partitions(later) == 0
    assert missing_months(later) == []
    assert unguarded(connection) == []
    with pytest.raises(DatabaseError, match="never changed"):
        _run(f"TRUNCATE record_fact_{later.year}_06")
    with pytest.raises(DatabaseError, match="no month of facts"):
        _run("SELECT record_make_partition('2999-01-01')")


@pytest.fixture
def web():
    """A second role of the server, with the rights of the web role in this database, and its connection."""
    role, password = f"web_{secrets.token_hex(4)}", secrets.token_hex(12)
    _run(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    try:
        grant(role)
        grant(role)
        with another(USER=role, PASSWORD=password) as other:
            yield other
    finally:
        _run(f"DROP OWNED BY {role}")
        _run(f"DROP ROLE {role}")


def _may(other, sql: str, about: list | None = None) -> bool:
    """Whether the other role may do this; anything but a refusal of rights is a mistake of the test."""
    try:
        with other.cursor() as cursor:
            cursor.execute(sql, about or [])
    except DatabaseError as problem:
        assert problem.__cause__.sqlstate == "42501", problem  # noqa: PT017
        return False
    return True


def test_the_web_role_serves_but_changes_nothing_that_was_recorded(web):
    written(content={"body": "信"})
    sealed()
    for table in (*TABLES, _partition()):
        for statement in _changes(table):
            assert not _may(web, statement), statement
    for statement in (
        "CREATE TABLE mine (a int)", "DROP TABLE record_seal", "ALTER TABLE record_fact DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica", "INSERT INTO record_seal_print VALUES (9, 9, '')",
        "INSERT INTO record_erasure (fact, content_hash, erasure, erased_at) VALUES (1, '', 1, now())",
    ):  # fmt: skip
        assert not _may(web, statement), statement
    for statement in (
        "SELECT 1 FROM record_fact, record_seal, record_fact_content, record_fact_valid",
        "SELECT 1 FROM record_fact_valid_at('2026-11-24T00:00Z')",
        "UPDATE people_staff SET name = name",
        "DELETE FROM django_session",
        "SELECT nextval('record_fact_id')",
        "SELECT take_numbers('number_c_26', 1)",
    ):
        assert _may(web, statement), statement


def test_the_web_role_records_but_does_not_choose_the_time_or_the_transaction_of_a_fact(web):
    columns = "happened_at, kind, version, source, audience, subject, team, post, branch, channel, service, stage"
    rest = ", product, jurisdiction, rule, outcome, data"
    values = "now(), 'LetterWritten', 1, 'live', 'staff', 'case:1', '', '', '', '', '', '', '', '', '', '', '{}'"
    assert _may(web, f"INSERT INTO record_fact ({columns}{rest}) VALUES ({values})")
    assert not _may(web, f"INSERT INTO record_fact (xid, {columns}{rest}) VALUES (1, {values})")
    assert not _may(web, f"INSERT INTO record_fact (recorded_at, {columns}{rest}) VALUES (now(), {values})")
    assert sealed().fact_count == 1


def test_the_web_role_erases_only_by_an_erasure_that_is_recorded(web):
    fact = written(content={"body": "信"})[0]
    assert not _may(web, "DELETE FROM record_fact_content WHERE fact = %s", [fact])
    with pytest.raises(DatabaseError, match="of the same transaction"), web.cursor() as cursor:
        cursor.execute("SELECT record_erase(%s)", [fact])
    columns = "happened_at, kind, version, source, audience, subject, team, post, branch, channel, service, stage"
    with web.cursor() as cursor:
        cursor.execute(
            f"WITH told AS (INSERT INTO record_fact ({columns}, product, jurisdiction, rule, outcome, data) VALUES"
            " (now(), 'ContentErased', 1, 'live', 'compliance', 'case:1', '', '', '', '', '', '', '', '', '', '',"
            " jsonb_build_object('facts', ARRAY[%s], 'reason', 'x')) RETURNING id) SELECT id FROM told",
            [fact],
        )
    assert _run("SELECT count(*) FROM record_fact_content") == [(1,)]


def test_a_table_made_after_the_grants_is_served_and_a_month_made_after_them_is_not_touched(web):
    make_partitions(datetime(now().year + 1, 6, 1, tzinfo=UTC))
    _run("CREATE TABLE later (a int)")
    assert _may(web, "INSERT INTO later VALUES (1)")
    assert not _may(web, f"SELECT * FROM record_fact_{now().year + 1}_06")
    assert not _may(web, f"DELETE FROM record_fact_{now().year + 1}_06")


def test_a_table_that_somebody_else_put_into_the_schema_stops_no_grant(web):
    stranger, ours = f"dba_{secrets.token_hex(4)}", f"owner_{secrets.token_hex(4)}"
    _run(f"CREATE ROLE {stranger}")
    _run(f"CREATE ROLE {ours}")
    try:
        _run("CREATE TABLE copy_of_mine AS SELECT 1 AS a")
        _run(f"ALTER TABLE copy_of_mine OWNER TO {stranger}")
        _run("CREATE TABLE ours (a int)")
        _run(f"ALTER TABLE ours OWNER TO {ours}")
        with transaction.atomic():
            _run(f"SET LOCAL ROLE {ours}")
            found = dict(_run(_OURS))
        assert found == {"TABLE": "ours", "SEQUENCE": None, "ROUTINE": None}
    finally:
        for role in (stranger, ours):
            _run(f"DROP OWNED BY {role}")
            _run(f"DROP ROLE {role}")


def test_the_health_page_is_told_when_one_role_does_everything(web):
    assert role_problem() == "owner"
    own = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=web.settings_dict["USER"], PASSWORD=web.settings_dict["PASSWORD"])
    try:
        assert role_problem() == ""
    finally:
        connection.close()
        connection.settings_dict.update(own)


def test_a_fact_outside_a_transaction_is_refused():
    from shouxin.record.recording import record

    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(LetterWritten(subject=CASE, actor=LIN))
