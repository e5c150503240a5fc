from django.db import migrations, models


class Migration(migrations.Migration):
    """A call that is being written down comes back as a call."""

    dependencies = [("cases", "0010_events")]

    operations = [
        migrations.AlterField(
            model_name="draft",
            name="kind",
            field=models.CharField(
                choices=[("reply", "Reply"), ("call", "Call"), ("note", "Note")], default="reply", max_length=8
            ),
        ),
    ]
