"""The company's own standards as it adopts them, one row a version; what is kept of them in memory follows."""

import django.contrib.postgres.fields
from django.db import migrations, models

FORWARD = "SELECT core_stamp_changes('jurisdictions_companystandard');"
BACKWARD = """
DROP TRIGGER core_stamp_change ON jurisdictions_companystandard;
DELETE FROM core_stamp WHERE subject = 'jurisdictions_companystandard';
"""


class Migration(migrations.Migration):
    dependencies = [("jurisdictions", "0003_withdrawn_days")]
    operations = [
        migrations.CreateModel(
            name="CompanyStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=12)),
                ("version", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("title", models.JSONField()),
                ("note", models.JSONField(blank=True, default=dict)),
                ("limit", models.PositiveSmallIntegerField()),
                ("unit", models.CharField(max_length=20)),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6), blank=True, default=list, size=None
                    ),
                ),
                (
                    "scope",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("is_public", models.BooleanField(default=True)),
                ("is_on", models.BooleanField(default=True)),
                ("adopted_by", models.BigIntegerField(null=True)),
                ("adopted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["rule", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "version"), name="company_standard_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gt", 1), ("limit__gt", 0)), name="company_standard_says_how_long"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
