"""What is acted upon is guarded, an example as well; only what is imported was closed elsewhere."""

from django.db import migrations

CREATE = """
CREATE OR REPLACE TRIGGER complaints_keep_open BEFORE UPDATE OF state ON cases_case
  FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed' AND {})
  EXECUTE FUNCTION complaints_keep_open();
"""
FORWARD = CREATE.format("NEW.source <> 'import'")
BACKWARD = CREATE.format("NEW.source = 'live'")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_closing")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
