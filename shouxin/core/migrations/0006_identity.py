"""A digest of the signing key: a lost or replaced one is told at the start, not by dead links."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_knocks")]
    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("key_print", models.CharField(max_length=64)),
            ],
        ),
    ]
