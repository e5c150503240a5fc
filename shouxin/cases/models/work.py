"""What waits to be taken next, whatever it is: a case, a counter ticket, a callback."""

from django.db import models
from django.db.models import Q

from shouxin.core.refs import Ref
from shouxin.people.models import Branch, Staff


class WorkItem(models.Model):
    """One per subject, from when it waits until it is done; then the row goes, its story lies in the facts.

    `wanted_at` is what the queue is sorted by: the due instant, earlier by a head start for the urgent.
    `branch` is set for what can only be done there, such as a person waiting at a counter.
    """

    subject = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=20)
    skill = models.SlugField(max_length=30)
    priority = models.SmallIntegerField()
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    wanted_at = models.DateTimeField()
    made_at = models.DateTimeField()
    officer = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="work", db_index=False)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(officer=None, taken_at=None) | Q(officer__isnull=False, taken_at__isnull=False),
                name="work_taken_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["skill", "wanted_at", "id"], name="work_waiting", condition=Q(officer=None)),
            models.Index(fields=["officer", "wanted_at"], name="work_taken", condition=Q(officer__isnull=False)),
        ]

    @property
    def ref(self) -> Ref:
        """What is to be done."""
        return Ref.parse(self.subject)


class SavedView(models.Model):
    """A way of looking at the desk that somebody keeps: a name and the filters of its address."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="saved_view_name_once")]
