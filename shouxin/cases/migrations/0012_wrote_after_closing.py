"""What a customer writes after the closing no longer opens the case again: it waits for an officer to see to it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_draft_of_a_call")]
    operations = [
        migrations.AddField("case", "wrote_at", models.DateTimeField(null=True, blank=True)),
        migrations.AddIndex(
            "case",
            models.Index(fields=["wrote_at", "id"], name="case_wrote_after", condition=Q(wrote_at__isnull=False)),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(condition=Q(wrote_at=None) | ~~Q(state="closed"), name="case_wrote_after_closing"),
        ),
    ]
