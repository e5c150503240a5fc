from django.db import models


class Submission(models.Model):
    """A form that was done: its key, a digest of what it said, and where its answer led. Kept for some weeks."""

    key = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    location = models.TextField()
    at = models.DateTimeField(db_index=True)


class Heartbeat(models.Model):
    """The latest sign of life of the worker and of each of its loops."""

    name = models.TextField(primary_key=True)
    state = models.TextField()  # ok, failing, stuck
    trouble = models.TextField(blank=True, default="")
    beat_at = models.DateTimeField()


class Identity(models.Model):
    """One row: which signing key the links of this house were made with, told by a digest."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    key_print = models.CharField(max_length=64)


class Knock(models.Model):
    """How often a door was knocked at within a span: see `limits.py`."""

    door = models.CharField(max_length=80)
    span = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "span"], name="core_knock_once_a_span")]
