"""What is kept of these tables in memory is forgotten when they change (core/kept.py)."""

from django.db import migrations

FORWARD = """
SELECT core_stamp_changes('jurisdictions_declaredday');
"""
BACKWARD = """
DROP TRIGGER core_stamp_change ON jurisdictions_declaredday;
DELETE FROM core_stamp WHERE subject = 'jurisdictions_declaredday';
"""


class Migration(migrations.Migration):
    dependencies = [("jurisdictions", "0001_declared_days"), ("core", "0003_stamps")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
