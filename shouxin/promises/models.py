"""A promise is a thing of its own: what was promised, under which rule, by when; and every change of it as a row."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from shouxin.core.audience import READS, Audience
from shouxin.core.refs import Ref, Referable
from shouxin.record.facts import DIMENSIONS


class State(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")
    WITHDRAWN = "withdrawn", _("Withdrawn")


REFERENCE = r"^[a-z_]+:[0-9]+$"
OPEN = (State.RUNNING, State.PAUSED)


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, audience: Audience | str) -> "PromiseQuerySet":
        return self.filter(audience__in=[str(each) for each in READS[Audience(audience)]])

    def open(self) -> "PromiseQuerySet":
        return self.filter(state__in=OPEN)

    def owed(self) -> "PromiseQuerySet":
        """What somebody still waits for: open, or broken and not made good."""
        return self.filter(Q(state__in=OPEN) | Q(state=State.BROKEN, ended_at=None))

    def for_lists(self) -> "PromiseQuerySet":
        """Without what only a page about this one promise reads; the terms stay as the text they are known by."""
        return self.annotate(terms_text=Cast("terms", models.TextField())).defer(
            "terms", "reckoning", "dims", "warn_ats"
        )

    def about(self, *subjects: Ref) -> "PromiseQuerySet":
        return self.filter(subject__in=[str(subject) for subject in subjects])


class Promise(Referable, models.Model):
    """The terms are the rule as it stood when the promise was made; a later version of the rule changes nothing here.

    `ended_at` is when it was kept, made good late, or withdrawn; `ended_reason` says why it was withdrawn, or why
    nobody waits any longer for a broken one. `begun_by` is the event that began it, empty where it was not written
    down. `act` is what kept it or made it good, `act_fact` the fact that tells of
    the act. `warn_at` is the next warning not yet given. `working_seconds` are the working seconds between start and
    due instant, for the fact of a breach.
    """

    ref_kind = "promise"

    rule = models.TextField()
    rule_version = models.IntegerField()
    terms = models.JSONField()
    title = models.TextField()
    source = models.TextField(blank=True)
    article = models.TextField(blank=True)
    jurisdiction = models.TextField()
    audience = models.TextField(choices=[(each.value, each.name) for each in Audience])
    subject = models.TextField()
    person = models.TextField(null=True)
    dims = models.JSONField(default=dict)

    start_at = models.DateTimeField()
    begun_by = models.TextField(blank=True, default="", db_default="")
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    warn_ats = ArrayField(models.DateTimeField(), default=list)
    working_seconds = models.BigIntegerField(default=0)
    paused_seconds = models.BigIntegerField(default=0)
    calendar_key = models.TextField()
    calendar_version = models.TextField(blank=True)
    reckoning = models.JSONField(default=list)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.TextField(blank=True)

    state = models.TextField(choices=State.choices, default=State.RUNNING)
    made_by = models.TextField(null=True)
    broken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)
    ended_reason = models.TextField(blank=True)
    act = models.TextField(blank=True)
    act_fact = models.BigIntegerField(null=True)
    origin = models.TextField(default="live")

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="promise_due", condition=Q(state="running")),
            models.Index(fields=["warn_at"], name="promise_warn", condition=Q(state="running", warn_at__isnull=False)),
            models.Index(fields=["subject"], name="promise_subject"),
            models.Index(
                fields=["calendar_key", "id"], name="promise_calendar", condition=Q(state__in=["running", "paused"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(warn_at=None) | Q(warn_at__lte=F("due_at")), name="promise_warns_before_due"
            ),
            models.CheckConstraint(
                name="promise_state_says_all",
                condition=Q(state__in=["running", "paused"], broken_at=None, ended_at=None, ended_by=None)
                | Q(state="kept", broken_at=None, ended_at__isnull=False, ended_at__lte=F("due_at"))
                | Q(state="broken", broken_at__isnull=False, broken_at=F("due_at"), ended_at=None, ended_by=None)
                | Q(state="broken", broken_at__isnull=False, broken_at=F("due_at"), ended_at__gt=F("due_at"))
                | Q(state="withdrawn", ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="promise_withdrawn_has_reason", condition=~Q(state="withdrawn") | ~Q(ended_reason="")
            ),
            models.CheckConstraint(
                name="promise_names_its_subject",
                condition=Q(subject__regex=REFERENCE) & (Q(person=None) | Q(person__regex=REFERENCE)),
            ),
            models.CheckConstraint(name="promise_amount_in_currency", condition=Q(amount=None) | ~Q(currency="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_owed(self) -> bool:
        """Open, or broken and not made good."""
        return self.is_open or (self.state == State.BROKEN and self.ended_at is None)

    def code_dims(self) -> dict[str, str]:
        """The dimensions a fact carries; what else lies in `dims` (the officer) is not one of them."""
        return {name: value for name, value in self.dims.items() if name in DIMENSIONS}


class PromisePause(models.Model):
    """The clock stood still: why, and whom we waited for: personal words, erased with the content of their `fact`."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="pauses")
    paused_at = models.DateTimeField()
    reason = models.TextField()
    waiting_for = models.TextField(blank=True)
    fact = models.BigIntegerField(null=True)
    paused_by = models.TextField(null=True)
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.TextField(null=True)

    class Meta:
        ordering = ["paused_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["promise"], condition=Q(resumed_at=None), name="promise_paused_once"),
            models.CheckConstraint(
                condition=Q(resumed_at=None) | Q(resumed_at__gte=F("paused_at")), name="pause_ends_after_it_began"
            ),
        ]

    def span(self) -> tuple[datetime, datetime | None]:
        return self.paused_at, self.resumed_at


class PromiseExtension(models.Model):
    """One step of those the rule allows, each at most once. Its reason lies in the record alone."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="extensions")
    step = models.TextField()
    extended_at = models.DateTimeField()
    extended_by = models.TextField(null=True)
    approver = models.TextField(blank=True)

    class Meta:
        ordering = ["extended_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["promise", "step"], name="promise_extended_once_a_step"),
        ]


class PromiseDue(models.Model):
    """The due instant moved: from where to where, and why. The first is made with the promise and has no row."""

    class Why(models.TextChoices):
        RESUMED = "resumed", _("The clock was paused")
        EXTENDED = "extended", _("The time was extended")
        CALENDAR = "calendar", _("The working calendar changed")
        AGREED = "agreed", _("Agreed with the customer")

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="dues")
    changed_at = models.DateTimeField()
    old = models.DateTimeField()
    new = models.DateTimeField()
    why = models.TextField(choices=Why.choices)
    detail = models.TextField(blank=True)
    changed_by = models.TextField(null=True)
    reckoning_before: Any = models.JSONField(default=list)

    class Meta:
        ordering = ["changed_at", "id"]
