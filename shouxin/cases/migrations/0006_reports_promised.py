"""Homes that live already promise their customers a report as well; whatever else a service says stays as it is."""

from django.db import migrations

PROMISED = {"progress": ("A13", "A15", "A16"), "claim_progress": ("A10", "A12")}


def promise(apps, schema_editor):
    for subject, codes in PROMISED.items():
        for service in apps.get_model("cases", "Service").objects.filter(pk__in=codes):
            if subject not in service.promise_subjects:
                service.promise_subjects.append(subject)
                service.save(update_fields=["promise_subjects"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_stamped")]
    operations = [migrations.RunPython(promise, migrations.RunPython.noop)]
