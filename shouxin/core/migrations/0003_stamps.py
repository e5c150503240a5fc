"""When a table that seldom changes was last changed: what is kept in memory is compared with it."""

from django.db import migrations

FORWARD = r"""
CREATE TABLE core_stamp (subject text PRIMARY KEY, stamp uuid NOT NULL);

CREATE FUNCTION core_stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE core_stamp SET stamp = gen_random_uuid() WHERE subject = TG_TABLE_NAME;
  RETURN NULL;
END $$;

CREATE FUNCTION core_stamp_changes(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO core_stamp VALUES (relation::text, gen_random_uuid());
  EXECUTE format('CREATE TRIGGER core_stamp_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION core_stamp_change()', relation);
END $$;
"""
BACKWARD = """
DROP FUNCTION core_stamp_changes(regclass); DROP FUNCTION core_stamp_change() CASCADE; DROP TABLE core_stamp;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_heartbeat")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
