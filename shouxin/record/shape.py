"""What the tables of the record look like as its migrations made them: nothing beside the triggers acts on a row.

A default, a generated column, a constraint, an index over an expression, a policy, a child table and an event trigger
can each run somebody's function on what is written, or show other rows than were recorded.
"""

import re

from django.db.backends.base.base import BaseDatabaseWrapper

_FACT = """
recorded_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
id bigint NOT NULL DEFAULT nextval('record_fact_id'::regclass)
xid bigint NOT NULL DEFAULT of the transaction
happened_at timestamp with time zone NOT NULL
kind text NOT NULL
version smallint NOT NULL
source text NOT NULL
audience text NOT NULL
subject text NOT NULL
person text
actor text
corrects bigint
team text NOT NULL
post text NOT NULL
branch text NOT NULL
channel text NOT NULL
service text NOT NULL
stage text NOT NULL
product text NOT NULL
jurisdiction text NOT NULL
rule text NOT NULL
outcome text NOT NULL
seconds bigint
working_seconds bigint
data jsonb NOT NULL
content_hash bytea
"""
_SEAL = """
batch bigint NOT NULL
sealed_at timestamp with time zone NOT NULL
xid_from bigint NOT NULL
xid_until bigint NOT NULL
fact_count integer NOT NULL
root bytea NOT NULL
previous_head bytea NOT NULL
head bytea NOT NULL
spelling smallint NOT NULL DEFAULT 1
"""
_COLUMNS = {
    "record_fact": _FACT,
    "record_fact_content": "fact bigint NOT NULL\nsalt bytea NOT NULL\nbody jsonb NOT NULL",
    "record_seal": _SEAL,
    "record_seal_print": "batch bigint NOT NULL\npiece integer NOT NULL\nprints bytea NOT NULL",
    "record_epoch": "epoch integer NOT NULL\nxid_offset bigint NOT NULL\ncluster bigint NOT NULL\n"
    "began_at timestamp with time zone NOT NULL",
    "record_erasure": "id bigint NOT NULL IDENTITY a\nfact bigint NOT NULL\ncontent_hash bytea NOT NULL\n"
    "erasure bigint NOT NULL\nerased_at timestamp with time zone NOT NULL",
}
_CONSTRAINTS = {
    "record_fact_source_check CHECK ((source = ANY (ARRAY['live'::text, 'import'::text, 'example'::text])))",
    "record_seal_batch_check CHECK ((batch > 0))",
    "record_seal_check CHECK ((xid_until > xid_from))",
    "record_seal_fact_count_check CHECK ((fact_count >= 0))",
    "record_epoch_epoch_check CHECK ((epoch > 0))",
    "record_epoch_xid_offset_check CHECK ((xid_offset >= 0))",
}
_VALID = """FROM record_fact f WHERE NOT EXISTS SELECT 1 FROM record_fact c
WHERE c.corrects = f.id AND c.corrects IS NOT NULL"""

_FOUND_COLUMNS = """SELECT a.attname, a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
  || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || CASE WHEN a.attgenerated <> '' THEN ' GENERATED' ELSE '' END
  || CASE WHEN a.attidentity <> '' THEN ' IDENTITY ' || a.attidentity::text ELSE '' END,
  coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped"""
_FOUND_CONSTRAINTS = """SELECT conname, pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint
WHERE conrelid = %s AND contype NOT IN ('p', 'u', 'n') ORDER BY 1"""
_COMPUTING_INDEXES = """SELECT c.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
  AND pg_catalog.pg_get_expr(i.indpred, i.indrelid) NOT IN ('(person IS NOT NULL)', '(corrects IS NOT NULL)'))
ORDER BY 1"""
_POLICIES = "SELECT polname FROM pg_catalog.pg_policy WHERE polrelid = %s ORDER BY 1"
_CHILDREN = """SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = %s AND NOT c.relispartition ORDER BY 1"""
_LISTS = (
    (_COMPUTING_INDEXES, "the index {name} on {table} computes what no index of the record does"),
    (_POLICIES, "the policy {name} on {table} chooses which rows are shown"),
    (_CHILDREN, "the table {name} adds its rows to {table}"),
)
_EVENTS = "SELECT evtname FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1"
_EPOCH = "SELECT epoch, xid_offset FROM public.record_epoch ORDER BY epoch DESC LIMIT 1"
_VIEW = "SELECT pg_catalog.pg_get_viewdef(pg_catalog.to_regclass('public.record_fact_valid'))"


def misshapen(database: BaseDatabaseWrapper, tables: dict[int, str]) -> list[str]:
    """What of these tables (by oid) is not as the migrations made it, one sentence each."""
    found = []
    epoch = _asked(database, _EPOCH) if "record_epoch" in tables.values() else []
    for oid, table in sorted(tables.items(), key=lambda each: each[1]):
        found += _column_problems(database, oid, table, epoch)
        for name, definition in _asked(database, _FOUND_CONSTRAINTS, oid):
            if f"{name} {definition}" not in _CONSTRAINTS:
                found.append(f"the constraint {name} on {table} is not one of the record's")
        for sql, sentence in _LISTS:
            found += [sentence.format(name=name, table=table) for (name,) in _asked(database, sql, oid)]
    found += [f"the event trigger {name} may change what is made" for (name,) in _asked(database, _EVENTS)]
    return found + _view_problems(database)


def _column_problems(database: BaseDatabaseWrapper, oid: int, table: str, epoch: list[tuple]) -> list[str]:
    wanted = {line.split()[0]: line for line in _COLUMNS.get(table, _FACT).strip().splitlines()}
    held = {}
    for name, line, default in _asked(database, _FOUND_COLUMNS, oid):
        said = "of the transaction" if name == "xid" and _is_transaction(default, epoch) else default
        held[name] = f"{line} DEFAULT {said}" if said else line
    return [
        f"the column {name} of {table} is not as it was made"
        for name in sorted({*wanted, *held})
        if wanted.get(name) != held.get(name)
    ]


def _is_transaction(default: str, epoch: list[tuple]) -> bool:
    """Whether this is the number of the transaction, plus what the epoch of this cluster adds to it."""
    plain = re.sub(r"[()' ]|::bigint|::text", "", default)
    number, offset = epoch[0] if epoch else (1, 0)
    return plain == f"pg_current_xact_id+{offset}" or (number == 1 and plain == "pg_current_xact_id")


def _view_problems(database: BaseDatabaseWrapper) -> list[str]:
    """The view of facts that nobody has corrected; servers differ in brackets, blanks and prefixes of its columns."""
    text = " ".join(re.sub(r"[();]", " ", _asked(database, _VIEW)[0][0] or "").split())
    columns, _from, rest = text.partition(" FROM ")
    named = [line.split()[0] for line in _FACT.strip().splitlines()]
    is_whole = columns.replace("f.", "") == f"SELECT {', '.join(named)}"
    if is_whole and f"FROM {rest}" == " ".join(_VALID.split()):
        return []
    return ["the view record_fact_valid does not show the facts that nobody has corrected"]


def _asked(database: BaseDatabaseWrapper, sql: str, oid: int | None = None) -> list[tuple]:
    with database.cursor() as cursor:
        cursor.execute(sql, [oid] if oid is not None else None)
        return cursor.fetchall()
