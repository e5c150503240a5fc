"""What is kept of these tables in memory is forgotten when they change (core/kept.py)."""

from django.db import migrations

FORWARD = """
SELECT core_stamp_changes('cases_service');
"""
BACKWARD = """
DROP TRIGGER core_stamp_change ON cases_service;
DELETE FROM core_stamp WHERE subject = 'cases_service';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_saved_views"), ("core", "0003_stamps")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
