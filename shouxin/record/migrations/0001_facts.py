"""The record: facts by month, content apart, seals; nothing of it can be changed or removed by a statement."""

from django.db import migrations

FACTS = r"""
CREATE SEQUENCE record_fact_id;
CREATE TABLE record_fact (
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  id bigint NOT NULL DEFAULT nextval('record_fact_id'),
  xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  happened_at timestamptz NOT NULL,
  kind text NOT NULL,
  version smallint NOT NULL,
  source text NOT NULL CHECK (source IN ('live', 'import', 'example')),
  audience text NOT NULL,
  subject text NOT NULL,
  person text,
  actor text,
  corrects bigint,
  team text NOT NULL, post text NOT NULL, branch text NOT NULL, channel text NOT NULL, service text NOT NULL,
  stage text NOT NULL, product text NOT NULL, jurisdiction text NOT NULL, rule text NOT NULL, outcome text NOT NULL,
  seconds bigint,
  working_seconds bigint,
  data jsonb NOT NULL,
  content_hash bytea,
  PRIMARY KEY (recorded_at, id)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX record_fact_subject ON record_fact (subject, happened_at);
CREATE INDEX record_fact_person ON record_fact (person, happened_at) WHERE person IS NOT NULL;
CREATE INDEX record_fact_id_lookup ON record_fact (id);
CREATE INDEX record_fact_corrects ON record_fact (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX record_fact_xid ON record_fact USING brin (xid) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE record_fact_content (fact bigint PRIMARY KEY, salt bytea NOT NULL, body jsonb NOT NULL);

CREATE TABLE record_seal (
  batch bigint PRIMARY KEY CHECK (batch > 0),
  sealed_at timestamptz NOT NULL,
  xid_from bigint NOT NULL,
  xid_until bigint NOT NULL CHECK (xid_until > xid_from),
  fact_count integer NOT NULL CHECK (fact_count >= 0),
  root bytea NOT NULL,
  previous_head bytea NOT NULL,
  head bytea NOT NULL
);

CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the record is never changed: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', HINT = 'Record a correcting fact instead.';
END $$;

-- A parent's truncate trigger does not fire for a partition, so every partition gets its own.
CREATE FUNCTION record_protect(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER record_never_truncated BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()', relation);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER record_never_truncated', relation);
END $$;

CREATE TRIGGER record_never_changed BEFORE UPDATE OR DELETE ON record_fact FOR EACH ROW EXECUTE FUNCTION record_refuse();
SELECT record_protect('record_fact');
CREATE TRIGGER record_never_changed BEFORE UPDATE OR DELETE ON record_seal FOR EACH ROW EXECUTE FUNCTION record_refuse();
SELECT record_protect('record_seal');
CREATE TRIGGER record_never_changed BEFORE UPDATE ON record_fact_content FOR EACH ROW EXECUTE FUNCTION record_refuse();
SELECT record_protect('record_fact_content');

CREATE FUNCTION record_make_partition(month date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  first date := date_trunc('month', month)::date;
  name text := 'record_fact_' || to_char(first, 'YYYY_MM');
BEGIN
  IF to_regclass('public.' || name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE public.%I PARTITION OF public.record_fact FOR VALUES FROM (%L) TO (%L)',
    name, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  PERFORM public.record_protect(('public.' || name)::regclass);
  RETURN true;
END $$;
DO $$ BEGIN
  FOR n IN 0..3 LOOP
    PERFORM record_make_partition(((now() AT TIME ZONE 'UTC') + make_interval(months => n))::date);
  END LOOP;
END $$;
"""
BACKWARD = "DROP TABLE record_fact, record_fact_content, record_seal CASCADE"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FACTS, BACKWARD)]
