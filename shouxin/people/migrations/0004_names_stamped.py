"""The names of staff and the company are kept in memory: their tables say when they change."""

from django.db import migrations

FORWARD = """
SELECT core_stamp_changes('people_staff');
SELECT core_stamp_changes('people_company');
"""
BACKWARD = """
DROP TRIGGER core_stamp_change ON people_staff; DROP TRIGGER core_stamp_change ON people_company;
DELETE FROM core_stamp WHERE subject IN ('people_staff', 'people_company');
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_stamped"), ("core", "0003_stamps")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
