"""When an address was changed, and from which: a password link waits, and the former address is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_names_stamped")]
    operations = [
        migrations.AddField("staff", "email_before", models.EmailField(blank=True, default="", max_length=254), False),
        migrations.AddField("staff", "email_changed_at", models.DateTimeField(blank=True, null=True)),
    ]
