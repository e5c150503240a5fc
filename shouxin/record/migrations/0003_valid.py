"""The one relation that figures are made of: facts that nobody has corrected, now or as known at an instant."""

from django.db import migrations

FORWARD = r"""
CREATE VIEW record_fact_valid AS
  SELECT f.* FROM record_fact f
  WHERE NOT EXISTS (SELECT 1 FROM record_fact c WHERE c.corrects = f.id AND c.corrects IS NOT NULL);

CREATE FUNCTION record_fact_valid_at(known_at timestamptz) RETURNS SETOF record_fact LANGUAGE sql STABLE AS $$
  SELECT f.* FROM record_fact f
  WHERE f.recorded_at <= known_at
    AND NOT EXISTS (SELECT 1 FROM record_fact c
                    WHERE c.corrects = f.id AND c.corrects IS NOT NULL AND c.recorded_at <= known_at)
$$;
"""
BACKWARD = "DROP FUNCTION record_fact_valid_at(timestamptz); DROP VIEW record_fact_valid"


class Migration(migrations.Migration):
    dependencies = [("record", "0002_reading")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
