"""The sequence of customer numbers stands behind every number that exists: an example was once loaded without it."""

from django.db import migrations

FORWARD = r"""
DO $$
DECLARE highest bigint;
BEGIN
  SELECT max(substring(number FROM '^K-([0-9]{1,15})$')::bigint) INTO highest FROM customers_customer;
  IF highest IS NOT NULL THEN
    CREATE SEQUENCE IF NOT EXISTS public.number_k_00;
    PERFORM setval('public.number_k_00', greatest(highest, nextval('public.number_k_00')));
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_customers"), ("core", "0001_numbers")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
