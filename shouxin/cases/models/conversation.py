"""What was said and sent in a case. The words themselves lie in the record's content, where they can be erased."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouxin.cases.models.case import Case
from shouxin.people.models import Staff


class Direction(models.TextChoices):
    INBOUND = "inbound", _("From the customer")
    OUTBOUND = "outbound", _("To the customer")
    INTERNAL = "internal", _("Internal")


class Touch(models.Model):
    """One contact. `fact` is the recorded fact whose content holds the words: one copy, sealed, erasable."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="touches", db_index=False)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    channel = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    fact = models.BigIntegerField(null=True)
    key = models.UUIDField(null=True)
    digest = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(key__isnull=False), name="touch_key_once"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="touch_direction_known"),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="touch_case_at"),
            models.Index(fields=["fact"], name="touch_fact"),
        ]

    @property
    def taken_down_by(self) -> Staff | None:
        """Who wrote down what the customer said; None where the customer wrote it.

        The first words of a case were written down by whoever opened it.
        """
        if self.direction != Direction.INBOUND:
            return None
        return self.by or (self.case.opened_by if self.at == self.case.opened_at else None)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def damaged(self) -> "AttachmentQuerySet":
        """Those whose file is not what was stored."""
        return self.filter(damaged_at__isnull=False, erased_at=None)


class Attachment(models.Model):
    """A file outside the database, named by its checksum. Erased: name and file are gone, the row remains."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    touch = models.ForeignKey(Touch, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    checksum = models.CharField(max_length=64, db_index=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    erased_at = models.DateTimeField(null=True)
    damaged_at = models.DateTimeField(null=True, blank=True)  # found: the file is gone, or another

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["damaged_at"], condition=Q(damaged_at__isnull=False), name="attachment_damaged")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(condition=Q(erased_at=None) | Q(name=""), name="attachment_erased_has_no_name"),
        ]


class Draft(models.Model):
    """What an officer began to write and has not sent."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="drafts")
    KINDS = [("reply", _("Reply")), ("call", _("Call")), ("met", _("In person")), ("note", _("Note"))]

    kind = models.CharField(max_length=8, choices=KINDS, default="reply")
    body = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "staff", "kind"], name="draft_once")]


class Paper(models.Model):
    """One paper of a case's checklist; the optional ones, which the list knows, are asked for only if they apply."""

    is_optional = False

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    asked_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)
    attachment = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="paper_once")]

    @property
    def is_awaited(self) -> bool:
        return self.received_at is None and self.waived_at is None

    @property
    def is_missing(self) -> bool:
        return self.is_awaited and (not self.is_optional or self.asked_at is not None)


class LetterQuerySet(models.QuerySet["Letter"]):
    def unsent(self) -> "LetterQuerySet":
        return self.filter(sent_at=None)

    def failed(self) -> "LetterQuerySet":
        return self.filter(sent_at=None, failed_at__isnull=False)


class Letter(models.Model):
    """Something that leaves the house: the outbox. The words are those of its touch.

    `begun_at` is written and committed before the sender is called. Begun and neither sent nor failed means that
    nobody knows whether it went out; then a person decides, and nothing is ever sent twice by itself.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    touch = models.ForeignKey(Touch, null=True, on_delete=models.CASCADE, related_name="letters")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=200, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    queued_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    attachments = models.ManyToManyField(Attachment, blank=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["queued_at"], name="letter_unsent", condition=Q(sent_at=None))]

    @property
    def state(self) -> str:
        """queued, sending, sent, failed or delivered."""
        if self.delivered_at:
            return "delivered"
        if self.sent_at:
            return "sent"
        if self.failed_at:
            return "failed"
        return "sending" if self.begun_at else "queued"
