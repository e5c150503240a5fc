"""Facts, the content that may be erased, and the seals. The tables are made by SQL: see the migrations."""

from django.db import models


class FactRow(models.Model):
    """One fact as it lies in the partitioned table; read only. Written by `recording`, never by `save`."""

    pk = models.CompositePrimaryKey("recorded_at", "id")
    recorded_at = models.DateTimeField()
    id = models.BigIntegerField()
    xid = models.BigIntegerField()
    happened_at = models.DateTimeField()
    kind = models.TextField()
    version = models.SmallIntegerField()
    source = models.TextField()
    audience = models.TextField()
    subject = models.TextField()
    person = models.TextField(null=True)
    actor = models.TextField(null=True)
    corrects = models.BigIntegerField(null=True)
    team = models.TextField()
    post = models.TextField()
    branch = models.TextField()
    channel = models.TextField()
    service = models.TextField()
    stage = models.TextField()
    product = models.TextField()
    jurisdiction = models.TextField()
    rule = models.TextField()
    outcome = models.TextField()
    seconds = models.BigIntegerField(null=True)
    working_seconds = models.BigIntegerField(null=True)
    data = models.JSONField()
    content_hash = models.BinaryField(null=True)

    class Meta:
        managed = False
        db_table = "record_fact"


class FactContent(models.Model):
    """The personal words of a fact, kept apart so that they can be erased: salt and body hash into the fact."""

    fact = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField()
    body = models.JSONField()

    class Meta:
        managed = False
        db_table = "record_fact_content"


class Seal(models.Model):
    """A closed batch: every fact whose transaction lies in [xid_from, xid_until), chained to the batch before."""

    batch = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    xid_from = models.BigIntegerField()
    xid_until = models.BigIntegerField()
    fact_count = models.IntegerField()
    root = models.BinaryField()
    previous_head = models.BinaryField()
    head = models.BinaryField()

    class Meta:
        managed = False
        db_table = "record_seal"
