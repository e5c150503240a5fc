from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_draft_of_a_talk")]

    operations = [
        migrations.AddField("attachment", "damaged_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "attachment",
            models.Index(fields=["damaged_at"], condition=Q(damaged_at__isnull=False), name="attachment_damaged"),
        ),
    ]
