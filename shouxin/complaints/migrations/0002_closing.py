"""A complaint without a final letter can't be closed, by whatever way: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION complaints_keep_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM complaints_complaint c
    WHERE c.case_id = NEW.id AND c.line = 'complaint'
      AND NOT EXISTS (SELECT 1 FROM complaints_finalletter l WHERE l.complaint_id = c.id)
  ) THEN
    RAISE EXCEPTION 'a complaint without a final letter is not closed (case %)', NEW.number
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Send the final letter first.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaints_keep_open BEFORE UPDATE OF state ON cases_case
  FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed' AND NEW.source = 'live')
  EXECUTE FUNCTION complaints_keep_open();
"""
BACKWARD = "DROP TRIGGER complaints_keep_open ON cases_case; DROP FUNCTION complaints_keep_open()"


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_complaints"), ("cases", "0002_kept_by_the_database")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
