from django.db import migrations

from shouxin.cases.catalogue import load_catalogue


def load(apps, schema_editor):
    load_catalogue(apps.get_model("cases", "Service"), apps.get_model("cases", "ReplyTemplate"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_kept_by_the_database")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
