from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tables", "0001_runs")]
    operations = [
        migrations.AddField("importrun", "digest", models.CharField(blank=True, default="", max_length=64), False),
    ]
