from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_wrote_after_closing")]

    operations = [
        migrations.AlterField(
            model_name="draft",
            name="kind",
            field=models.CharField(
                choices=[("reply", "Reply"), ("call", "Call"), ("met", "In person"), ("note", "Note")],
                default="reply", max_length=8,
            ),
        ),
    ]  # fmt: skip
