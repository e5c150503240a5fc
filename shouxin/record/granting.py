"""The rights of the second role: it serves, but can neither change facts nor make or drop tables."""

from django.db import connection, transaction

from shouxin.record.recording import COLUMNS

# The time and the transaction of a fact are the database's to say.
_ADDS = {
    "record_fact": f"INSERT ({', '.join(COLUMNS)})",
    "record_fact_content": "INSERT",
}
_READS = ("record_seal", "record_seal_print", "record_epoch", "record_erasure", *_ADDS)
_PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'record_fact'::regclass"


# Only what is ours is ours to grant: a table that somebody else put into the schema stops nothing.
_OURS = """SELECT 'TABLE', string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
AND relnamespace = 'public'::regnamespace AND pg_has_role(current_user, relowner, 'USAGE')
UNION ALL SELECT 'SEQUENCE', string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relkind = 'S'
AND relnamespace = 'public'::regnamespace AND pg_has_role(current_user, relowner, 'USAGE')
UNION ALL SELECT 'ROUTINE', string_agg(oid::regprocedure::text, ', ') FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND pg_has_role(current_user, proowner, 'USAGE')"""
_RIGHTS = {"TABLE": "SELECT, INSERT, UPDATE, DELETE", "SEQUENCE": "USAGE, SELECT", "ROUTINE": "EXECUTE"}


@transaction.atomic
def grant(role: str) -> None:
    """Give `role` what web and worker need, now and for tables to come; run as the owner after migrating."""
    web = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA public TO {web}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {web}",
        ):
            cursor.execute(statement)
        cursor.execute(_OURS)
        for kind, names in cursor.fetchall():
            if names:
                cursor.execute(f"GRANT {_RIGHTS[kind]} ON {kind} {names} TO {web}")
        cursor.execute(_PARTITIONS)
        for (partition,) in cursor.fetchall():
            cursor.execute(f"REVOKE ALL ON {partition} FROM {web}")
        for table in _READS:
            cursor.execute(f"REVOKE ALL ON {table} FROM {web}")
            cursor.execute(f"GRANT SELECT ON {table} TO {web}")
        for table, right in _ADDS.items():
            cursor.execute(f"GRANT {right} ON {table} TO {web}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON record_fact_valid, django_migrations FROM {web}")
