"""Where the house is reached, by which server its mail leaves, and the picture beside its name."""

import django.db.models.deletion
from django.db import migrations, models

SECURITY = [
    ("starttls", "STARTTLS (usually port 587)"),
    ("tls", "TLS from the start (usually port 465)"),
    ("none", "none (only inside one's own network)"),
]


class Migration(migrations.Migration):
    dependencies = [("people", "0005_former_address")]
    operations = [
        migrations.AddField("company", "address", models.CharField(blank=True, default="", max_length=200, verbose_name="Address"), False),
        migrations.AddField("company", "public_url", models.CharField(blank=True, default="", max_length=200, verbose_name="Public address of this site"), False),
        migrations.AddField("company", "mail_host", models.CharField(blank=True, default="", max_length=200, verbose_name="Mail server"), False),
        migrations.AddField("company", "mail_port", models.PositiveIntegerField(default=587, verbose_name="Port")),
        migrations.AddField("company", "mail_security", models.CharField(choices=SECURITY, default="starttls", max_length=8, verbose_name="Encryption")),
        migrations.AddField("company", "mail_user", models.CharField(blank=True, default="", max_length=200, verbose_name="User of the mail server"), False),
        migrations.CreateModel(
            name="CompanyLogo",
            fields=[
                ("company", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="logo", serialize=False, to="people.company")),
                ("media_type", models.CharField(choices=[("image/png", "PNG"), ("image/jpeg", "JPEG")], max_length=10)),
                ("content", models.BinaryField()),
                ("checksum", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunSQL("SELECT core_stamp_changes('people_companylogo')", "DROP TRIGGER core_stamp_change ON people_companylogo; DELETE FROM core_stamp WHERE subject = 'people_companylogo'"),
    ]
