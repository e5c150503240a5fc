"""The mirror of the core system: products, policies, and who is what in them. Changed by import alone."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouxin.core.refs import Referable
from shouxin.customers.models import Customer
from shouxin.people.models import Agent, Branch, Staff


def number_key(number: str) -> str:
    """The number as it is searched: letters and digits only, in small letters."""
    return "".join(c for c in number.casefold() if c.isalnum())


class Product(models.Model):
    class Line(models.TextChoices):
        LIFE = "life", _("Life")
        HEALTH = "health", _("Health")
        ACCIDENT = "accident", _("Accident")
        ANNUITY = "annuity", _("Annuity")
        LINKED = "linked", _("Investment-linked")
        GROUP = "group", _("Group")
        PROPERTY = "property", _("Property and liability")
        MOTOR = "motor", _("Motor")

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    line = models.CharField(max_length=10, choices=Line.choices)

    def __str__(self) -> str:
        return self.name


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, staff: Staff) -> "PolicyQuerySet":
        """Whoever serves may find a policy; its people are shown masked."""
        return self if staff.is_active else self.none()

    def numbered_like(self, text: str) -> "PolicyQuerySet":
        """Policies whose number begins with `text`; hyphens, spaces and capitals don't matter."""
        key = number_key(text)
        return self.filter(number_key__startswith=key) if len(key) >= 3 else self.none()


class Policy(Referable, models.Model):
    ref_kind = "policy"

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        IN_FORCE = "in_force", _("In force")
        GRACE = "grace", _("In the grace period")
        LAPSED = "lapsed", _("Lapsed")
        PAID_UP = "paid_up", _("Paid up")
        SURRENDERED = "surrendered", _("Surrendered")
        WITHDRAWN = "withdrawn", _("Cancelled in the cooling-off period")
        MATURED = "matured", _("Matured")
        ENDED = "ended", _("Ended by a claim")

    class Channel(models.TextChoices):
        AGENT = "agent", _("Own agents")
        BROKER = "broker", _("Brokers and agencies")
        BANK = "bank", _("Banks")
        REMOTE = "remote", _("At a distance (web, telephone)")

    number = models.CharField(max_length=30, unique=True)
    number_key = models.CharField(max_length=30)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="policies")
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_FORCE)
    issued_on = models.DateField()
    delivered_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    premium = models.DecimalField(max_digits=14, decimal_places=2)
    sum_insured = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    sold_through = models.CharField(max_length=8, choices=Channel.choices, blank=True, default="")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")
    branch = models.ForeignKey(Branch, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")
    mirrored_at = models.DateTimeField(null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("issued_on")),
                name="policy_delivered_after_issue",
            ),
            models.CheckConstraint(condition=Q(premium__gte=0), name="policy_premium_not_negative"),
        ]
        indexes = [models.Index(fields=["number_key"], name="policy_by_number", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.number


class PolicyRole(models.Model):
    """Who is what in a policy."""

    class Role(models.TextChoices):
        HOLDER = "holder", _("Policyholder")
        INSURED = "insured", _("Insured")
        BENEFICIARY = "beneficiary", _("Beneficiary")
        PAYER = "payer", _("Payer")

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="roles")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="policy_roles")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "customer", "role"], name="policy_role_once")]
