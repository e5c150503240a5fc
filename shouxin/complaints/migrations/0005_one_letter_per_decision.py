from django.db import migrations, models

# Letters that were sent twice by two clicks stay, numbered.
NUMBERED = """
UPDATE complaints_finalletter l SET repeat = n.place FROM (
  SELECT id, row_number() OVER (PARTITION BY decision_id ORDER BY id) - 1 AS place FROM complaints_finalletter
) n WHERE n.id = l.id AND n.place > 0
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_joining")]

    operations = [
        migrations.AddField(
            "decision", "change", models.TextField(blank=True, default="", verbose_name="Why the decision is changed"),
            preserve_default=False,
        ),
        migrations.AddField("finalletter", "repeat", models.PositiveSmallIntegerField(default=0)),
        migrations.RunSQL(NUMBERED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "finalletter",
            models.UniqueConstraint(fields=("decision", "repeat"), name="one_letter_per_decision"),
        ),
    ]
