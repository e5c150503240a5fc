"""What keeps the record from being changed: triggers on every table of it, and a role that has no such rights."""

import importlib
import pkgutil
import re
from functools import cache

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shouxin.record import migrations
from shouxin.record.shape import misshapen

# Everything here is asked with the names of its schemas: whoever owns the database may put others in their way.
FIXED_PATH = "SET LOCAL search_path TO pg_catalog, public, pg_temp"
_BODIES = """SELECT p.proname, p.oid, l.lanname, p.prosecdef,
  coalesce(pg_catalog.array_to_string(p.proconfig, ';'), ''), p.prosrc
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::pg_catalog.regnamespace AND p.proname LIKE 'record\\_%%'"""
_TABLES = """SELECT c.oid, c.relname, c.relkind, c.relrowsecurity OR c.relpersistence <> 'p'
FROM pg_catalog.pg_class c WHERE c.oid IN (
  SELECT pg_catalog.to_regclass('public.' || name) FROM pg_catalog.unnest(%s::text[]) AS name
  UNION SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = 'public.record_fact'::pg_catalog.regclass)"""
_TRIGGERS = """SELECT t.tgrelid, t.tgname, t.tgfoid, t.tgenabled, t.tgtype,
  t.tgqual IS NULL AND t.tgattr = ''::pg_catalog.int2vector AND t.tgnargs = 0
FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ANY(%s::oid[]) AND NOT (t.tgisinternal AND t.tgconstraint <> 0)"""
_RULES = "SELECT r.ev_class, r.rulename FROM pg_catalog.pg_rewrite r WHERE r.ev_class = ANY(%s::oid[])"

KEPT = ("record_fact", "record_fact_content", "record_seal", "record_seal_print", "record_epoch", "record_erasure")
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32
# Trigger: its function, and for what it fires, as PostgreSQL writes it.
ALWAYS = {
    "record_never_changed": ("record_refuse", _ROW | _BEFORE | _DELETE | _UPDATE),
    "record_never_truncated": ("record_refuse", _BEFORE | _TRUNCATE),
}
_OF_CONTENT = {
    "record_never_changed": ("record_refuse", _ROW | _BEFORE | _UPDATE),
    "record_only_erased": ("record_refuse_unlisted", _ROW | _BEFORE | _DELETE),
}
_OF_FACTS = {"record_never_late": ("record_refuse_late", _BEFORE | _INSERT)}
_OWN = {"record_fact": _OF_FACTS, "record_fact_content": _OF_CONTENT}


def unguarded(database: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the guards of the record, one sentence each; empty when all of them stand."""
    with database.cursor() as cursor:
        cursor.execute(_TABLES, [list(KEPT)])
        tables = {oid: (name, kind, hides) for oid, name, kind, hides in cursor.fetchall()}
        cursor.execute(_TRIGGERS, [list(tables)])
        triggers = {(table, name): told for table, name, *told in cursor.fetchall()}
        cursor.execute(_RULES, [list(tables)])
        rules = cursor.fetchall()
        cursor.execute(_BODIES)
        bodies = cursor.fetchall()
    names = {name for name, _kind, _hides in tables.values()}
    found = [f"the table {name} is gone" for name in KEPT if name not in names]
    found += [f"the rule {rule} on {tables[table][0]} rewrites what is written" for table, rule in rules]
    oids = {oid: name for name, oid, *_told in bodies}
    for oid, (table, kind, hides) in sorted(tables.items(), key=lambda each: each[1][0]):
        if kind not in ("r", "p") or hides:
            found.append(f"{table} does not show its rows as they are")
        mine = {name: told for (of, name), told in triggers.items() if of == oid}
        found += _trigger_problems(table, mine, oids)
    found += misshapen(database, {oid: name for oid, (name, _kind, _hides) in tables.items()})
    return found + _changed_functions(bodies)


def _trigger_problems(table: str, found: dict[str, list], functions: dict[int, str]) -> list[str]:
    """Triggers of a table that are missing, do something else, or are not ours."""
    wanted, problems = ALWAYS | _OWN.get(table, {}), []
    for name, (function, fires) in wanted.items():
        held = found.get(name)
        if held is None or functions.get(held[0]) != function:
            problems.append(f"the trigger {name} on {table} is missing")
        elif held[1] != "A":
            problems.append(f"the trigger {name} on {table} is not enabled for everybody")
        elif (held[2], held[3]) != (fires, True):
            problems.append(f"the trigger {name} on {table} does not fire for everything it should")
    strange = sorted({*found} - {*wanted})
    return problems + [f"the trigger {name} on {table} is not one of the record's" for name in strange]


def _changed_functions(found: list[tuple]) -> list[str]:
    """Functions of the record that are not what the migrations made: text, language, whose rights, search path."""
    held: dict[str, list[tuple]] = {}
    for name, _oid, *told in found:
        held.setdefault(name, []).append(tuple(told))
    return [
        f"the function {name} " + ("refuses no more" if name in _GUARDING else "is not as it was made")
        for name, made in sorted(defined_functions().items())
        if held.get(name) != [made]
    ]


_GUARDING = ("record_refuse", "record_refuse_unlisted", "record_refuse_late")
_DEFINED = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (record_\w+)\([^)]*\)(.*?)AS \$\$(.*?)\$\$", re.DOTALL)


@cache
def defined_functions() -> dict[str, tuple[str, bool, str, str]]:
    """Language, whether it acts as its owner, settings and text of each function, as the last migration makes it."""
    found = {}
    for module in sorted(each.name for each in pkgutil.iter_modules(migrations.__path__)):
        made = vars(importlib.import_module(f"{migrations.__name__}.{module}"))
        for sql in (value for name, value in made.items() if name.isupper() and isinstance(value, str)):
            found |= {name: _read(head, text) for name, head, text in _DEFINED.findall(sql)}
    return found


def _read(head: str, text: str) -> tuple[str, bool, str, str]:
    language, path = re.search(r"LANGUAGE (\w+)", head), re.search(r"SET search_path = (.+)", head)
    config = f"search_path={path[1].strip()}" if path else ""
    return language[1], "SECURITY DEFINER" in head, config, text


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
