"""Tries are counted in one place for every room: sign-in links, requests, messages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_submissions")]
    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", models.CharField(max_length=80)),
                ("span", models.BigIntegerField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("door", "span"), name="core_knock_once_a_span")]},
        ),
    ]
