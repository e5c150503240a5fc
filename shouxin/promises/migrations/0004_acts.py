"""A promise says by which act it was kept. Of those kept before nobody wrote it down: their act stays empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0003_words_in_the_record")]
    operations = [
        migrations.AddField("promise", "act", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("promise", "act_fact", models.BigIntegerField(null=True)),
    ]
