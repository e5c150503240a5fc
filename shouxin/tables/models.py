"""One import of one file: tried, then taken over."""

from datetime import datetime, timedelta

from django.db import models

# Without a sign of life for so long, nobody is working on it any more.
SILENT_FOR = timedelta(minutes=6)


class ImportRun(models.Model):
    """Who sent which file to which importer, how far it is, and what came of it."""

    importer = models.CharField(max_length=40)
    key = models.UUIDField(unique=True)  # of the form that asked for it
    digest = models.CharField(max_length=64, blank=True)  # of what that form sent: the file, its reading, by whom
    by = models.IntegerField()  # the member of staff; their room lies above this one
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=80, blank=True)  # in the folder of imports; empty once it is removed
    choices = models.JSONField(default=dict)
    trial = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="takeover")
    is_trial = models.BooleanField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    done = models.IntegerField(default=0)  # so many pieces were written and need not be written again
    failure = models.TextField(blank=True)
    report = models.CharField(max_length=80, blank=True)  # a CSV in the folder of imports

    class Meta:
        indexes = [models.Index(fields=["importer", "-id"], name="imports_of_a_kind")]

    def __str__(self) -> str:
        return self.file_name

    def is_silent(self, at: datetime) -> bool:
        return self.finished_at is None and at - self.seen_at > SILENT_FOR

    @property
    def is_ready(self) -> bool:
        """A trial that found something to take over, and whose file is still here."""
        return bool(self.is_trial and self.finished_at and not self.failure and self.file and self.is_changing)

    @property
    def is_changing(self) -> bool:
        return any(self.counts.get(name) for name in self.counts if name.endswith(("_new", "_changed", "_created")))
