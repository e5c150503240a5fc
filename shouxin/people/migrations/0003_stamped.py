"""What is kept of these tables in memory is forgotten when they change (core/kept.py)."""

from django.db import migrations

FORWARD = """
SELECT core_stamp_changes('people_branch');
SELECT core_stamp_changes('people_team');
SELECT core_stamp_changes('people_officehours');
"""
BACKWARD = """
DROP TRIGGER core_stamp_change ON people_branch;
DELETE FROM core_stamp WHERE subject = 'people_branch';
DROP TRIGGER core_stamp_change ON people_team;
DELETE FROM core_stamp WHERE subject = 'people_team';
DROP TRIGGER core_stamp_change ON people_officehours;
DELETE FROM core_stamp WHERE subject = 'people_officehours';
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_notices_and_hours"), ("core", "0003_stamps")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
