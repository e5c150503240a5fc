from django.db import migrations

# Whom a complaint is against is kept out of its case; complaints made before this was so are given it now.
KEEP_OUT = """
INSERT INTO cases_caseexclusion (case_id, staff_id, since)
SELECT c.case_id, c.against_staff_id, now() FROM complaints_complaint c WHERE c.against_staff_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
TAKE_DRAFTS = """
DELETE FROM cases_draft d USING cases_caseexclusion e WHERE d.case_id = e.case_id AND d.staff_id = e.staff_id
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_findings"), ("cases", "0014_damaged_files")]

    operations = [migrations.RunSQL([KEEP_OUT, TAKE_DRAFTS], migrations.RunSQL.noop)]
