from django.db import models


class Heartbeat(models.Model):
    """The latest sign of life of the worker and of each of its loops."""

    name = models.TextField(primary_key=True)
    state = models.TextField()  # ok, failing, stuck
    trouble = models.TextField(blank=True, default="")
    beat_at = models.DateTimeField()
