"""Through whom a policy was sold, lines outside life; the products are kept in memory (core/kept.py)."""

from django.db import migrations, models

FORWARD = """
SELECT core_stamp_changes('policies_product');
"""
BACKWARD = """
DROP TRIGGER core_stamp_change ON policies_product;
DELETE FROM core_stamp WHERE subject = 'policies_product';
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_policies"), ("core", "0003_stamps")]
    operations = [
        migrations.AddField(
            model_name="policy",
            name="sold_through",
            field=models.CharField(
                blank=True,
                choices=[
                    ("agent", "Own agents"),
                    ("broker", "Brokers and agencies"),
                    ("bank", "Banks"),
                    ("remote", "At a distance (web, telephone)"),
                ],
                default="",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="line",
            field=models.CharField(
                choices=[
                    ("life", "Life"),
                    ("health", "Health"),
                    ("accident", "Accident"),
                    ("annuity", "Annuity"),
                    ("linked", "Investment-linked"),
                    ("group", "Group"),
                    ("property", "Property and liability"),
                    ("motor", "Motor"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
