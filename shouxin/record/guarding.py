"""What keeps the record from being changed: triggers on every table of it, and a role that has no such rights."""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_BODIES = """SELECT p.proname, p.prosrc FROM pg_catalog.pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('record_refuse', 'record_refuse_unlisted')"""
_TABLES = """SELECT c.relname, c.relkind, c.relrowsecurity FROM pg_catalog.pg_class c WHERE c.oid IN (
  SELECT pg_catalog.to_regclass('public.' || name) FROM unnest(%s::text[]) AS name
  UNION SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = 'public.record_fact'::regclass)"""
_TRIGGERS = """SELECT c.relname, t.tgname, p.proname, t.tgenabled FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
WHERE c.relname LIKE 'record\\_%%'"""

KEPT = ("record_fact", "record_fact_content", "record_seal", "record_seal_print", "record_epoch", "record_erasure")
ALWAYS = {"record_never_changed": "record_refuse", "record_never_truncated": "record_refuse"}
ERASABLE = {"record_only_erased": "record_refuse_unlisted"}


def unguarded(database: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the guards of the record, one sentence each; empty when all of them stand."""
    with database.cursor() as cursor:
        cursor.execute(_TABLES, [list(KEPT)])
        tables = {name: (kind, hides) for name, kind, hides in cursor.fetchall()}
        cursor.execute(_TRIGGERS, [])
        triggers = {(table, name): (function, enabled) for table, name, function, enabled in cursor.fetchall()}
        cursor.execute(_BODIES)
        bodies = dict(cursor.fetchall())
    found = [f"the table {name} is gone" for name in KEPT if name not in tables]
    for table, (kind, hides) in sorted(tables.items()):
        if kind not in ("r", "p") or hides:
            found.append(f"{table} does not show its rows as they are")
        for name, function in (ALWAYS | (ERASABLE if table == "record_fact_content" else {})).items():
            held = triggers.get((table, name))
            if held is None or held[0] != function:
                found.append(f"the trigger {name} on {table} is missing")
            elif held[1] != "A":
                found.append(f"the trigger {name} on {table} is not enabled for everybody")
    return found + _toothless(bodies)


def _toothless(bodies: dict[str, str]) -> list[str]:
    """Guards whose function no longer refuses."""
    wanted = {"record_refuse": "BEGIN RAISE EXCEPTION", "record_refuse_unlisted": "FROM public.record_erasure"}
    return [
        f"the function {name} refuses no more"
        for name, text in wanted.items()
        if text not in " ".join(bodies.get(name, "").split()) or "RAISE EXCEPTION" not in bodies.get(name, "")
    ]


def role_problem() -> str:
    """Why the role of this connection could change the record; empty when it can't. For the health page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') OR rolsuper FROM pg_class, pg_roles"
            " WHERE pg_class.oid = 'record_fact'::regclass AND rolname = current_user"
        )
        if cursor.fetchone()[0]:
            return "owner"
        cursor.execute(
            "SELECT bool_or(has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE')) FROM pg_class"
            " WHERE oid = ANY(%s::regclass[]) OR oid IN (SELECT inhrelid FROM pg_inherits"
            " WHERE inhparent = 'record_fact'::regclass)",
            [list(KEPT)],
        )
        return "rights" if cursor.fetchone()[0] else ""
