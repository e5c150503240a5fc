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


@transaction.atomic
def grant(role: str) -> None:
    """Give `role` what web and worker need, now and for tables to come; run as the owner after migrating."""
    web = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            f"GRANT USAGE ON SCHEMA public TO {web}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {web}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web}",
            f"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {web}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {web}",
        ):
            cursor.execute(statement)
        cursor.execute(_PARTITIONS)
        for (partition,) in cursor.fetchall():
            cursor.execute(f"REVOKE ALL ON {partition} FROM {web}")
        for table in _READS:
            cursor.execute(f"REVOKE ALL ON {table} FROM {web}")
            cursor.execute(f"GRANT SELECT ON {table} TO {web}")
        for table, right in _ADDS.items():
            cursor.execute(f"GRANT {right} ON {table} TO {web}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON record_fact_valid, django_migrations FROM {web}")
