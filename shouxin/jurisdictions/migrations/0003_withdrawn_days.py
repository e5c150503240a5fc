"""A declaration can be withdrawn: by a new row, as everything about a day is said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jurisdictions", "0002_stamped")]

    operations = [
        migrations.AddField(
            model_name="declaredday",
            name="is_withdrawn",
            field=models.BooleanField(default=False, verbose_name="Withdrawn"),
        ),
    ]
