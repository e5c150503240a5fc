"""A promise says which event began it. Of those made before nobody wrote it down: theirs stays empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0004_acts")]
    operations = [
        migrations.AddField("promise", "begun_by", models.TextField(blank=True, default="", db_default="")),
    ]
