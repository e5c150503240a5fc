"""What somebody who owns the database may try, one by one; what is not found stands in docs/proof.md."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from shouxin.core.clock import now
from shouxin.record.guarding import defined_functions, unguarded
from shouxin.record.recording import COLUMNS
from shouxin.record.tests.samples import sealed, written
from shouxin.record.tests.test_sealing import _by_force, _run, _sealed_facts
from shouxin.record.verifying import verify

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("own_database")]


def problems() -> list[str]:
    return [str(problem) for problem in verify().problems]


@pytest.mark.parametrize("path", ['"$user", public', "pg_temp, public, pg_catalog"])
def test_a_copy_of_the_record_in_another_schema_deceives_nobody(path):
    ids = _sealed_facts()
    owner = _run("SELECT current_user")[0][0]
    shadow = f'"{owner}"' if "$user" in path else "pg_temp"
    if shadow != "pg_temp":
        _run(f"CREATE SCHEMA {shadow}")
    for table in ("record_fact", "record_fact_content", "record_seal", "record_seal_print"):
        _run(f"CREATE {'TEMP ' if shadow == 'pg_temp' else ''}TABLE {shadow}.{table} AS TABLE public.{table}")
    _run(f"SET search_path TO {path}")
    _by_force_in_public("UPDATE public.record_fact SET outcome = 'closed' WHERE id = %s", [ids[0]])
    try:
        assert problems() == [f"fact {ids[0]}: changed since batch 1 was sealed"]
    finally:
        _run("RESET search_path")
        connection.close()


def _by_force_in_public(sql: str, about: list) -> None:
    table = _run("SELECT tableoid::regclass::text FROM public.record_fact LIMIT 1")[0][0]
    table = table if table.startswith("public.") else f"public.{table}"
    _run(f"ALTER TABLE {table} DISABLE TRIGGER record_never_changed")
    _run(sql, about)
    _run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER record_never_changed")


def _slipped_in(recorded_at: str) -> int:
    """A fact of today's transaction that says it was recorded at another time, as the owner may write it."""
    columns = [name for name in COLUMNS if name != "id"]
    names = ", ".join(columns)
    return _run(
        f"INSERT INTO record_fact (recorded_at, {names}) SELECT {recorded_at}, {names} FROM record_fact"
        " WHERE content_hash IS NULL ORDER BY id LIMIT 1 RETURNING id"
    )[0][0]


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_fact_recorded_outside_the_time_of_its_batch_is_found(is_sealed):
    _sealed_facts()
    fact = _slipped_in("now() - interval '40 days'" if _has_last_month() else "now() - interval '3 hours'")
    if is_sealed:
        sealed()
    told = f"fact {fact}: its time of recording lies outside of the time in which its batch was written"

    assert problems() == [told]


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_fact_dated_forward_is_found_also_once_its_date_has_come(is_sealed):
    """The clock of a verification years later can't be set here; a batch sealed days ago stands for it."""
    sealed_days_ago = now() - timedelta(days=3)
    written()
    sealed(sealed_days_ago) if is_sealed else None
    fact = _run("SELECT max(id) FROM record_fact")[0][0]
    if not is_sealed:
        fact = _slipped_in("now() + interval '2 days'")
    told = f"fact {fact}: its time of recording lies outside of the time in which its batch was written"

    assert problems() == [told]


def _has_last_month() -> bool:
    return (
        _run("SELECT to_regclass('record_fact_' || to_char(now() - interval '40 days', 'YYYY_MM'))")[0][0] is not None
    )


def test_what_commits_late_is_not_taken_for_slipped_in():
    _sealed_facts(2)
    _slipped_in("now() - interval '20 minutes'")
    sealed()

    assert problems() == []


HOLLOW = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN RAISE EXCEPTION 'the record is never changed'; EXCEPTION WHEN OTHERS THEN NULL; END;
  PERFORM 1 FROM public.record_erasure;
  RETURN coalesce(NEW, OLD);
END $$"""


@pytest.mark.parametrize("name", ["record_refuse", "record_refuse_unlisted"])
def test_a_guard_that_swallows_its_own_refusal_is_found(name):
    _run(HOLLOW.format(name=name))

    assert problems() == [f"the function {name} refuses no more"]


def test_every_function_of_the_record_is_as_the_migrations_made_it():
    assert unguarded(connection) == []
    assert {"record_refuse", "record_xid", "record_erase", "record_make_partition"} <= set(defined_functions())
    _run("CREATE OR REPLACE FUNCTION record_xid() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT 1::bigint'")
    assert problems() == ["the function record_xid is not as it was made"]


def test_a_rule_on_a_table_of_the_record_is_found():
    _run("CREATE RULE nothing AS ON INSERT TO record_fact DO INSTEAD NOTHING")

    assert problems() == ["the rule nothing on record_fact rewrites what is written"]


@pytest.mark.parametrize(
    "trigger",
    [
        "BEFORE UPDATE OR DELETE ON record_seal FOR EACH ROW WHEN (false)",
        "BEFORE UPDATE OF sealed_at OR DELETE ON record_seal FOR EACH ROW",
        "BEFORE DELETE ON record_seal FOR EACH ROW",
    ],
)
def test_a_trigger_that_fires_for_less_is_found(trigger):
    _run("DROP TRIGGER record_never_changed ON record_seal")
    _run(f"CREATE TRIGGER record_never_changed {trigger} EXECUTE FUNCTION record_refuse()")
    _run("ALTER TABLE record_seal ENABLE ALWAYS TRIGGER record_never_changed")

    assert problems() == ["the trigger record_never_changed on record_seal does not fire for everything it should"]


def test_a_trigger_that_is_not_ours_is_found():
    _run("CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    _run("CREATE TRIGGER other BEFORE INSERT ON record_seal FOR EACH ROW EXECUTE FUNCTION other()")

    assert problems() == ["the trigger other on record_seal is not one of the record's"]


EVIL = """CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.stage := 'TAMPERED'; RETURN NEW; END $$"""


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("FOR EACH ROW EXECUTE FUNCTION evil()", "is missing"),
        ("FOR EACH STATEMENT EXECUTE FUNCTION evil()", "is missing"),
        ("FOR EACH ROW EXECUTE FUNCTION record_refuse_late()", "does not fire for everything it should"),
    ],
)
def test_no_trigger_of_the_record_is_exchanged_for_another_of_its_name(how, told):
    _run(EVIL)
    _run("DROP TRIGGER record_never_late ON record_fact")
    _run(f"CREATE TRIGGER record_never_late BEFORE INSERT ON record_fact {how}")
    _run("ALTER TABLE record_fact ENABLE ALWAYS TRIGGER record_never_late")

    assert f"the trigger record_never_late on record_fact {told}" in problems()


@pytest.mark.parametrize("table", ["record_seal", "a month"])
def test_a_trigger_of_the_record_on_a_table_where_it_does_not_belong_is_found(table):
    _run(EVIL)
    if table == "a month":
        table = _run("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'record_fact'::regclass")[0][0]
    _run(f"CREATE TRIGGER record_never_late BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION evil()")

    assert problems() == [f"the trigger record_never_late on {table} is not one of the record's"]


def test_a_guard_that_is_not_there_or_not_for_everybody_is_found():
    _run("ALTER TABLE record_fact ENABLE TRIGGER record_never_late")
    assert problems() == ["the trigger record_never_late on record_fact is not enabled for everybody"]
    _run("DROP TRIGGER record_never_late ON record_fact")
    assert problems() == ["the trigger record_never_late on record_fact is missing"]


EARLIER = "CREATE FUNCTION earlier() RETURNS timestamptz LANGUAGE sql AS $$SELECT now() - interval '9 minutes'$$"
ALWAYS_TRUE = "CREATE FUNCTION yes(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "ALTER TABLE ONLY record_fact ALTER COLUMN recorded_at SET DEFAULT earlier()",
            "the column recorded_at of record_fact is not as it was made",
        ),
        (
            "ALTER TABLE ONLY record_fact ALTER COLUMN xid SET DEFAULT ((pg_current_xact_id())::text::bigint + 7)",
            "the column xid of record_fact is not as it was made",
        ),
        (
            "ALTER TABLE record_seal ALTER COLUMN sealed_at SET DEFAULT now()",
            "the column sealed_at of record_seal is not as it was made",
        ),
        (
            "ALTER TABLE record_erasure ADD COLUMN twice bigint GENERATED ALWAYS AS (fact * 2) STORED",
            "the column twice of record_erasure is not as it was made",
        ),
        (
            "ALTER TABLE record_seal ADD CONSTRAINT mine CHECK (yes(head::text))",
            "the constraint mine on record_seal is not one of the record's",
        ),
        (
            "CREATE INDEX mine ON record_fact_content (yes(body::text))",
            "the index mine on record_fact_content computes what no index of the record does",
        ),
        (
            "CREATE POLICY mine ON record_fact_content USING (false)",
            "the policy mine on record_fact_content chooses which rows are shown",
        ),
        ("CREATE TABLE mine () INHERITS (record_erasure)", "the table mine adds its rows to record_erasure"),
        ("ALTER TABLE record_seal_print SET UNLOGGED", "record_seal_print does not show its rows as they are"),
        (
            "CREATE OR REPLACE VIEW record_fact_valid AS SELECT f.* FROM record_fact f",
            "the view record_fact_valid does not show the facts that nobody has corrected",
        ),
        ("ALTER FUNCTION record_erase SECURITY INVOKER", "the function record_erase is not as it was made"),
        ("ALTER FUNCTION record_refuse SET search_path = public", "the function record_refuse refuses no more"),
    ],
)
def test_what_acts_on_a_table_of_the_record_beside_its_triggers_is_found(statement, told):
    _run(EARLIER)
    _run(ALWAYS_TRUE)
    assert unguarded(connection) == []
    _run(statement)

    assert problems() == [told]


def test_an_event_trigger_is_found():
    _run("CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'")
    _run("CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION watch()")

    assert problems() == ["the event trigger mine may change what is made"]


def test_a_guard_of_the_same_name_in_another_schema_does_not_pass_for_ours():
    _run("CREATE SCHEMA other")
    _run("CREATE FUNCTION other.record_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    _run("DROP TRIGGER record_never_changed ON record_seal")
    _run(
        "CREATE TRIGGER record_never_changed BEFORE UPDATE OR DELETE ON record_seal FOR EACH ROW"
        " EXECUTE FUNCTION other.record_refuse()"
    )
    _run("ALTER TABLE record_seal ENABLE ALWAYS TRIGGER record_never_changed")

    assert problems() == ["the trigger record_never_changed on record_seal is missing"]


def test_two_contents_exchanged_and_a_last_batch_taken_away(tmp_path):
    from shouxin.record.heads import export_heads

    ids = _sealed_facts()
    export_heads(now(), tmp_path / "heads.log")
    _by_force("DELETE FROM record_seal WHERE batch = 3")
    assert "knows batch 3" in verify(tmp_path / "heads.log").problems[0].text
    _by_force(
        "UPDATE record_fact_content SET fact = CASE fact WHEN %s THEN -1 ELSE fact END WHERE fact = %s",
        [ids[0], ids[0]],
    )
    assert f"fact {ids[0]}: its content is gone, and no erasure says so" in problems()


def test_the_command_seals_first_and_says_what_is_not_sealed(capsys):
    written()
    call_command("verify", "--no-seal")
    told = capsys.readouterr().out
    assert "1 facts are not sealed yet" in told
    assert "Nothing is sealed yet" in told
    assert "The record is whole." not in told
    call_command("verify")
    assert "1 facts and 0 contents checked" in (told := capsys.readouterr().out)
    assert "The record is whole." in told
