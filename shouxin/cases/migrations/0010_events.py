"""What happened in a case is a row of its own; services that bear the company's standards name their subjects."""

import django.db.models.deletion
from django.db import migrations, models

from shouxin.cases.catalogue import load_catalogue

CHANGED = "SELECT DISTINCT service FROM record_fact WHERE kind = 'ServiceChanged' AND subject = 'company:1'"


def load(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(CHANGED)
        by_hand = frozenset(code for (code,) in cursor.fetchall())
    load_catalogue(apps.get_model("cases", "Service"), apps.get_model("cases", "ReplyTemplate"), spared=by_hand)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_exclusions")]
    operations = [
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("key", models.UUIDField(unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.staff",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="cases.case"
                    ),
                ),
            ],
            options={"ordering": ["at", "id"]},
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
