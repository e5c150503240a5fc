"""Numbers people say on the phone come from sequences that are made when first asked for."""

from django.db import migrations

# The web role may not create sequences, so the function runs with the rights of its owner.
FORWARD = r"""
CREATE FUNCTION take_numbers(sequence_name text, how_many integer) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF sequence_name !~ '^number_[a-z]{1,4}_[0-9]{2}$' THEN
    RAISE EXCEPTION 'not a sequence of numbers: %', sequence_name;
  END IF;
  IF to_regclass('public.' || sequence_name) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext(sequence_name));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.%I', sequence_name);
  END IF;
  RETURN QUERY EXECUTE format('SELECT nextval(%L) FROM generate_series(1, %s)', 'public.' || sequence_name, how_many);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION take_numbers(text, integer)")]
