"""Which papers a service asked for before: what the record knows of it, and what the data files say anew."""

import json

from django.db import migrations, models

from shouxin.cases.catalogue import load_catalogue

CHANGES = """
SELECT service, happened_at, data -> 'changed' -> 'papers' -> 0, data -> 'changed' ? 'papers'
FROM record_fact WHERE kind = 'ServiceChanged' AND subject = 'company:1' ORDER BY happened_at, id
"""


def load(apps, schema_editor):
    service = apps.get_model("cases", "Service")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CHANGES)
        changes = cursor.fetchall()
    rows = service.objects.in_bulk()
    for code, at, papers, is_about_papers in changes:
        if is_about_papers and code in rows:
            papers = json.loads(papers) if isinstance(papers, str) else papers
            rows[code].past_papers.append([at.isoformat(), papers])
            rows[code].save(update_fields=["past_papers"])
    by_hand = frozenset(change[0] for change in changes)
    load_catalogue(service, apps.get_model("cases", "ReplyTemplate"), spared=by_hand)


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_reports_promised"), ("record", "0004_sealing")]
    operations = [
        migrations.AddField("service", "past_papers", models.JSONField(blank=True, default=list)),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
