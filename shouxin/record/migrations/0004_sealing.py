"""Sealing and erasing: what refuses, what may go and how, and transaction numbers that outlive a cluster."""

from django.db import migrations

FORWARD = r"""
ALTER TABLE record_seal ADD COLUMN spelling smallint NOT NULL DEFAULT 1;

-- The first eight bytes of each leaf, sixteen bytes a fact with its number: not a proof (the root is), but it
-- lets a verification name the fact that was changed.
CREATE TABLE record_seal_print (
  batch bigint NOT NULL,
  piece integer NOT NULL,
  prints bytea NOT NULL,
  PRIMARY KEY (batch, piece)
);
ALTER TABLE record_seal_print ALTER COLUMN prints SET STORAGE EXTERNAL;

-- Transaction numbers begin anew in another cluster (a dump restored elsewhere). Facts carry number + offset,
-- so that theirs only ever grow.
CREATE TABLE record_epoch (
  epoch integer PRIMARY KEY CHECK (epoch > 0),
  xid_offset bigint NOT NULL CHECK (xid_offset >= 0),
  cluster bigint NOT NULL,
  began_at timestamptz NOT NULL
);
INSERT INTO record_epoch SELECT 1, 0, system_identifier, clock_timestamp() FROM pg_control_system();

CREATE TABLE record_erasure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact bigint NOT NULL,
  content_hash bytea NOT NULL,
  erasure bigint NOT NULL,
  erased_at timestamptz NOT NULL
);
CREATE INDEX record_erasure_fact ON record_erasure (fact);

CREATE FUNCTION record_xid() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT pg_current_xact_id()::text::bigint + (SELECT xid_offset FROM public.record_epoch ORDER BY epoch DESC LIMIT 1)
$$;

CREATE FUNCTION record_xid_is_late() RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT public.record_xid() < coalesce((SELECT xid_until FROM public.record_seal ORDER BY batch DESC LIMIT 1), 0)
$$;

CREATE FUNCTION record_refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public.record_xid_is_late() THEN
    RAISE EXCEPTION 'this database was restored into another cluster: its transaction numbers lie among sealed ones'
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Run "bin/shouxin manage record_grants" once.';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER record_never_late BEFORE INSERT ON record_fact FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_late();
ALTER TABLE record_fact ENABLE ALWAYS TRIGGER record_never_late;

CREATE FUNCTION record_advance_epoch() RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  here bigint := (SELECT system_identifier FROM pg_control_system());
  last public.record_epoch;
  known bigint;
BEGIN
  SELECT * INTO last FROM public.record_epoch ORDER BY epoch DESC LIMIT 1;
  IF last.cluster = here AND NOT public.record_xid_is_late() THEN RETURN false; END IF;
  LOCK TABLE public.record_fact IN ACCESS EXCLUSIVE MODE;
  SELECT * INTO last FROM public.record_epoch ORDER BY epoch DESC LIMIT 1;
  IF last.cluster = here AND NOT public.record_xid_is_late() THEN RETURN false; END IF;
  SELECT greatest((SELECT max(xid_until) FROM public.record_seal), (SELECT max(xid) + 1 FROM public.record_fact), 0)
    INTO known;
  INSERT INTO public.record_epoch VALUES (last.epoch + 1, known, here, clock_timestamp());
  EXECUTE format('ALTER TABLE public.record_fact ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint + %s)',
    known);
  RETURN true;
END $$;

-- Refused on every table of the record and on every partition, in the role of a replica too.
CREATE OR REPLACE FUNCTION record_protect(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = relation AND tgname = 'record_never_changed') THEN
    EXECUTE format('CREATE TRIGGER record_never_changed BEFORE UPDATE OR DELETE ON %s FOR EACH ROW '
      'EXECUTE FUNCTION public.record_refuse()', relation);
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = relation AND tgname = 'record_never_truncated') THEN
    EXECUTE format('CREATE TRIGGER record_never_truncated BEFORE TRUNCATE ON %s FOR EACH STATEMENT '
      'EXECUTE FUNCTION public.record_refuse()', relation);
  END IF;
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER record_never_changed', relation);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER record_never_truncated', relation);
END $$;

-- A month's table, three months at most in the past and two years ahead; nobody but its owner reaches it by itself.
CREATE OR REPLACE FUNCTION record_make_partition(month date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', month)::date;
  name text := 'record_fact_' || to_char(first, 'YYYY_MM');
  grantee regrole;
BEGIN
  IF to_regclass('public.' || name) IS NOT NULL THEN RETURN false; END IF;
  IF first NOT BETWEEN (clock_timestamp() - interval '3 months')::date AND (clock_timestamp() + interval '2 years')::date
  THEN RAISE EXCEPTION 'no month of facts is made for %', first; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('record_make_partition'));
  IF to_regclass('public.' || name) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE public.%I PARTITION OF public.record_fact FOR VALUES FROM (%L) TO (%L)',
    name, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  PERFORM public.record_protect(('public.' || name)::regclass);
  FOR grantee IN
    SELECT DISTINCT acl.grantee::regrole FROM pg_class c, aclexplode(c.relacl) acl
    WHERE c.oid = ('public.' || name)::regclass AND acl.grantee NOT IN (c.relowner, 0)
  LOOP
    EXECUTE format('REVOKE ALL ON public.%I FROM %s', name, grantee);
  END LOOP;
  EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', name);
  RETURN true;
END $$;

CREATE FUNCTION record_refuse_unlisted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.record_erasure WHERE fact = OLD.fact) THEN
    RAISE EXCEPTION 'content goes only by erasure, which is recorded' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;

-- Removes the content of the facts that a ContentErased fact of this same transaction names: no erasure without record.
CREATE FUNCTION record_erase(erasure_fact bigint) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  told public.record_fact;
  named bigint[];
  erased bigint;
BEGIN
  SELECT * INTO told FROM public.record_fact
    WHERE id = erasure_fact AND kind = 'ContentErased' AND xid = public.record_xid();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'content is erased together with a ContentErased fact of the same transaction, not by itself'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  SELECT array_agg(value::bigint) INTO named FROM jsonb_array_elements_text(told.data -> 'facts') AS value;
  INSERT INTO public.record_erasure (fact, content_hash, erasure, erased_at)
    SELECT f.id, f.content_hash, told.id, told.happened_at
    FROM public.record_fact f JOIN public.record_fact_content t ON t.fact = f.id
    WHERE f.id = ANY (named) ORDER BY f.id;
  DELETE FROM public.record_fact_content WHERE fact = ANY (named);
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END $$;

DO $$
DECLARE relation regclass;
BEGIN
  FOR relation IN
    SELECT unnest(ARRAY['record_fact', 'record_seal', 'record_seal_print', 'record_epoch', 'record_erasure']::regclass[])
    UNION ALL SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'record_fact'::regclass
  LOOP
    PERFORM record_protect(relation);
  END LOOP;
END $$;
CREATE TRIGGER record_only_erased BEFORE DELETE ON record_fact_content
  FOR EACH ROW EXECUTE FUNCTION record_refuse_unlisted();
ALTER TABLE record_fact_content ENABLE ALWAYS TRIGGER record_only_erased;
ALTER TABLE record_fact_content ENABLE ALWAYS TRIGGER record_never_changed;
ALTER TABLE record_fact_content ENABLE ALWAYS TRIGGER record_never_truncated;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0003_valid")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
