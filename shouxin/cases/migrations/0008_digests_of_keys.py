from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_past_papers")]

    operations = [
        migrations.AddField("case", "digest", models.CharField(db_default="", default="", max_length=64)),
        migrations.AddField("touch", "digest", models.CharField(db_default="", default="", max_length=64)),
    ]
