"""The ledger of deliveries: which subscriber was given which fact, so that a job that runs twice delivers once."""

from django.db import migrations

FORWARD = """
CREATE TABLE record_delivery (
  subscriber text NOT NULL,
  fact bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (fact, subscriber)
)
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0004_sealing")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE record_delivery")]
