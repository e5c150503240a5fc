from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_stamps")]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("location", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
