import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("complaints", "0005_one_letter_per_decision"),
    ]

    operations = [
        migrations.CreateModel(
            name="Findings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="What we found")),
                ("change", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={"ordering": ["-at", "-id"]},
        ),
        migrations.AddField(
            "decision", "without_findings",
            models.TextField(
                blank=True, default="", verbose_name="Why it is decided without the investigator's findings"
            ),
            preserve_default=False,
        ),
    ]
