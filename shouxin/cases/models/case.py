"""The case: one request of a customer, from opening to closing."""

from datetime import UTC, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from shouxin.cases.models.catalogue import STAGE_OF_LETTER, Service
from shouxin.core.kept import KeptForeignKey
from shouxin.core.masking import mask_email, mask_name, mask_phone
from shouxin.core.refs import Ref, Referable
from shouxin.customers.models import Customer
from shouxin.people.models import Branch, Staff, Team
from shouxin.policies.models import Policy

# Where nothing is promised the list still needs an instant to sort by: this one comes last.
FAR = datetime(9000, 1, 1, tzinfo=UTC)
OPEN = ~Q(state="closed")


class State(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("In progress")
    WAITING = "waiting", _("Waiting for the customer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class Priority(models.IntegerChoices):
    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.filter(OPEN)

    def closed(self) -> "CaseQuerySet":
        return self.filter(state=State.CLOSED)

    def written_after(self) -> "CaseQuerySet":
        """Closed ones whose customer wrote again, and nobody has seen to it yet."""
        return self.filter(wrote_at__isnull=False)

    def unassigned(self) -> "CaseQuerySet":
        return self.open().filter(officer=None)

    def overdue(self, at: datetime) -> "CaseQuerySet":
        return self.open().filter(due_at__lt=at)

    def with_people(self) -> "CaseQuerySet":
        """With all that a row of a list or the dimensions of a fact show, and who is kept out of the case."""
        kept_out = CaseExclusion.objects.filter(case=OuterRef("pk")).order_by("staff").values("staff")
        return self.select_related("officer", "customer").annotate(kept_out=ArraySubquery(kept_out))

    def for_lists(self) -> "CaseQuerySet":
        """Only what a row of a list shows."""
        return self.select_related("officer", "customer").only(
            "number", "service", "subject", "state", "channel", "claimed_name", "opened_at", "touched_at", "due_at",
            "closed_at", "wrote_at", "officer__name", "customer__name", "customer__kind",
        )  # fmt: skip


class Case(Referable, models.Model):
    """Who asks may be unverified: then `claimed_…` is what they said, and `customer` comes later by an action.

    `due_at` is the nearest due instant of what is still owed (running or broken promises); it is kept by the actions
    of this room and by hearing of promises, so that lists sort without a join. `wrote_at` is when the customer wrote
    after the closing, until an officer has answered, reopened the case or noted that nothing needs answering.
    """

    ref_kind = "case"

    number = models.CharField(max_length=20, unique=True)
    key = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, default="", db_default="")
    service = KeptForeignKey(Service, on_delete=models.PROTECT, related_name="cases", db_index=False)
    subject = models.CharField(_("Subject"), max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    channel = models.CharField(max_length=20)
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    claimed_name = models.CharField(max_length=120, blank=True)
    claimed_phone = models.CharField(max_length=40, blank=True)
    claimed_email = models.CharField(max_length=254, blank=True)
    policy = models.ForeignKey(
        Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    product = models.CharField(max_length=20, blank=True)
    jurisdiction = models.CharField(max_length=12)
    branch = KeptForeignKey(Branch, on_delete=models.PROTECT, related_name="cases", db_index=False)
    team = KeptForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    language = models.CharField(max_length=10, default="zh-hant")
    opened_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    due_at = models.DateTimeField(default=FAR)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(max_length=20, blank=True)
    wrote_at = models.DateTimeField(null=True, blank=True)
    touch_count = models.PositiveIntegerField(default=0)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=8, default="live")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="case_priority_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (OPEN & Q(closed_at=None)),
                name="case_closed_has_instant",
            ),
            models.CheckConstraint(condition=~Q(state="new") | Q(officer=None), name="case_new_has_no_officer"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="case_closed_after_opening"
            ),
            models.CheckConstraint(condition=Q(wrote_at=None) | ~OPEN, name="case_wrote_after_closing"),
        ]
        indexes = [
            models.Index(fields=["officer", "due_at", "id"], name="case_open_officer", condition=OPEN),
            models.Index(fields=["team", "due_at", "id"], name="case_open_team", condition=OPEN),
            models.Index(fields=["branch", "due_at", "id"], name="case_open_branch", condition=OPEN),
            models.Index(fields=["due_at", "id"], name="case_open_due", condition=OPEN),
            models.Index(fields=["customer", "opened_at"], name="case_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["policy", "opened_at"], name="case_policy", condition=Q(policy__isnull=False)),
            models.Index(fields=["closed_at", "id"], name="case_closed_at", condition=Q(state="closed")),
            models.Index(fields=["wrote_at", "id"], name="case_wrote_after", condition=Q(wrote_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED

    def keeps_out(self, staff: Staff) -> bool:
        """Whether this person may neither read nor serve this case, whatever the post: it is about them."""
        if "kept_out" not in self.__dict__:
            self.kept_out = list(CaseExclusion.objects.filter(case=self.pk).values_list("staff", flat=True))
        return staff.pk in self.kept_out

    @property
    def is_verified(self) -> bool:
        """Whether we know who asks, or only what they said."""
        return self.customer_id is not None

    @property
    def stage(self) -> str:
        return STAGE_OF_LETTER[self.service_id[0]].value

    @property
    def nearest_due_at(self) -> datetime | None:
        return None if self.due_at >= FAR else self.due_at

    @property
    def person(self) -> Ref | None:
        return Ref("customer", self.customer_id) if self.customer_id else None

    @property
    def asker(self) -> str:
        """Who asks, as staff may read it in a list: masked."""
        return self.customer.masked_name if self.customer_id else mask_name(self.claimed_name)

    @property
    def asker_in_full(self) -> str:
        """Who asks, for who may know."""
        return self.customer.name if self.customer_id else self.claimed_name

    @property
    def masked_contact(self) -> str:
        """How to reach an unverified asker, masked."""
        return mask_phone(self.claimed_phone) if self.claimed_phone else mask_email(self.claimed_email)

    def dims(self) -> dict[str, str]:
        """What a fact says about where this case stands."""
        return {
            "team": self.team.code if self.team_id else "",
            "post": self.officer.post if self.officer_id else "",
            "branch": self.branch.code,
            "channel": self.channel,
            "service": self.service_id,
            "stage": self.stage,
            "product": self.product,
            "jurisdiction": self.jurisdiction,
        }


class CaseExclusion(models.Model):
    """Somebody who is kept out of a case, whatever the post: the colleague it is complained of."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exclusions")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "case"], name="kept_out_once")]


class CaseEvent(models.Model):
    """Something happened in the case from which a rule counts or with which one ends; see jurisdictions/events.py."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["at", "id"]


class CaseWords(models.Model):
    """The search words of a case: its numbers, who asks, its subject and every touch, in one array under GIN."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="search_words")
    opened_at = models.DateTimeField()
    words = ArrayField(models.TextField())

    class Meta:
        indexes = [GinIndex(fields=["words"], name="case_words")]


class Standing(models.Model):
    """How many cases stand with a team in a state, as insert-only changes; a job folds them. Kept by the database."""

    team = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices)
    change = models.IntegerField()


class CaseLink(models.Model):
    """Two cases that belong together, kept once: from the later to the earlier."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related")
        DUPLICATE = "duplicate", _("The same request again")
        FOLLOWS = "follows", _("Follows on from")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RELATED)
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_linked_once"),
            models.CheckConstraint(condition=Q(case__gt=F("other")), name="case_link_later_to_earlier"),
        ]


class Tag(models.Model):
    code = models.SlugField(max_length=40, unique=True, allow_unicode=True)
    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="uses")
    tagged_at = models.DateTimeField()
    tagged_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="case_tagged_once")]
