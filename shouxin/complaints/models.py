"""A complaint is what a case becomes when somebody disputes: its line, its target, who looked, what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouxin.cases.models import Case
from shouxin.core.refs import Referable
from shouxin.people.models import Agent, Post
from shouxin.policies.models import Product


class Line(models.TextChoices):
    """The lines EIOPA and the Mainland's rule of 2020 (Art. 2) draw."""

    COMPLAINT = "complaint", _("Complaint")
    ENQUIRY = "enquiry", _("Enquiry")
    CLAIM = "claim", _("Claim or request to act")


class Against(models.TextChoices):
    PRODUCT = "product", _("A product or clause")
    POST = "post", _("A service (post)")
    AGENT = "agent", _("An agent")
    STAFF = "staff", _("A member of staff")
    COMPANY = "company", _("The company")


class Outcome(models.TextChoices):
    UPHELD = "upheld", _("Upheld: the customer is right")
    PARTLY = "partly", _("Upheld in part")
    REFUSED = "refused", _("Not upheld")
    WITHDRAWN = "withdrawn", _("Withdrawn by the customer")


class Cause(models.TextChoices):
    """Why it came to this; the first word is the part of the house that can mend it."""

    SALE_UNCLEAR = "sale-unclear", _("Sale: not explained clearly")
    SALE_WRONG = "sale-wrong", _("Sale: told something untrue")
    CLAUSE = "clause", _("Product: the clause can be read in two ways")
    DELAY = "delay", _("Service: too slow")
    NO_ANSWER = "no-answer", _("Service: nobody answered or called back")
    MISTAKE = "mistake", _("Service: a mistake of ours")
    CLAIM_DECISION = "claim-decision", _("Claim: the decision or its reasons")
    SYSTEM = "system", _("System: letter, web page or debit failed")
    MANNER = "manner", _("Conduct: a person's tone or behaviour")
    NOT_OURS = "not-ours", _("Not caused by us")


class RedressKind(models.TextChoices):
    NONE = "none", _("None")
    APOLOGY = "apology", _("Apology")
    PAYMENT = "payment", _("Payment of what is owed")
    COMPENSATION = "compensation", _("Compensation")
    CANCELLATION = "cancellation", _("Contract cancelled, premiums refunded")
    CORRECTION = "correction", _("Correction made")


class Complaint(Referable, models.Model):
    ref_kind = "complaint"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="complaint")
    line = models.CharField(_("Type"), max_length=10, choices=Line.choices, default=Line.COMPLAINT)
    against_kind = models.CharField(_("Against"), max_length=8, choices=Against.choices, default=Against.COMPANY)
    against_product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT)
    against_post = models.CharField(max_length=2, choices=Post.choices, blank=True)
    against_agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.PROTECT)
    against_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="complained_of"
    )
    investigator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="investigates"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(_("Root cause"), max_length=20, choices=Cause.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(investigator=None) | Q(against_staff=None) | ~Q(investigator=F("against_staff")),
                name="complaint_investigator_independent",
            ),
            models.CheckConstraint(
                condition=(~Q(against_kind="agent") | Q(against_agent__isnull=False))
                & (~Q(against_kind="staff") | Q(against_staff__isnull=False))
                & (~Q(against_kind="product") | Q(against_product__isnull=False))
                & (~Q(against_kind="post") | ~Q(against_post="")),
                name="complaint_target_named",
            ),
        ]

    @property
    def target(self) -> str:
        """Whom or what it is against, as people say it."""
        named = self.against_agent or self.against_staff or self.against_product
        return str(named) if named else (self.get_against_post_display() or self.get_against_kind_display())


class Decision(models.Model):
    """What was decided; a second look makes a second row, the newest counts."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome.choices)
    findings = models.TextField(_("What we found"))
    reasons = models.TextField(_("Reasons for the decision"))
    redress_kind = models.CharField(_("Redress"), max_length=12, choices=RedressKind.choices, default=RedressKind.NONE)
    redress_amount = models.DecimalField(_("Amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    redress_currency = models.CharField(max_length=3, default="TWD", blank=True)
    change = models.TextField(_("Why the decision is changed"), blank=True)
    without_findings = models.TextField(_("Why it is decided without the investigator's findings"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(redress_amount=None) | Q(redress_amount__gt=0), name="redress_amount_positive"
            )
        ]


class Findings(models.Model):
    """What an independent investigator found and signed; mended by a newer row, with the reason."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="findings")
    text = models.TextField(_("What we found"))
    change = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]


class FinalLetter(models.Model):
    """The letter that ends the matter on our side: the PDF as it was sent, by its checksum."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="letters")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    checksum = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    channel = models.CharField(max_length=12)
    next_step_until = models.DateField(null=True, blank=True)
    repeat = models.PositiveSmallIntegerField(default=0)  # only of letters that were sent twice before this was refused
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["decision", "repeat"], name="one_letter_per_decision")]


class Joining(models.Model):
    """The same asked again within the term: `case` has no term of its own under this rule, that of `other` is its own.

    `renewed_at`: it brought new facts, and the term began anew. Taken apart, the row stays: it is not joined again.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joinings")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joined_by")
    rule = models.CharField(max_length=20)
    rule_version = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True)
    separated_at = models.DateTimeField(null=True)
    separated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "rule"], name="joined_once"),
            models.CheckConstraint(condition=Q(case__gt=F("other")), name="joined_later_to_earlier"),
        ]


class ImportedComplaint(models.Model):
    """Which complaint a file's row became, and what the file said then: the same again changes nothing."""

    source = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="imported_from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="imported_once")]


class ImportRun(models.Model):
    """An import of the time before `tables` kept the runs of all importers; read by nobody, kept as history."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=300)
    mapping = models.TextField()
    mapping_name = models.CharField(max_length=80)
    is_dry_run = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    rows_read = models.IntegerField(default=0)
    cases_created = models.IntegerField(default=0)
    cases_changed = models.IntegerField(default=0)
    cases_unchanged = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)
    rejections_file = models.CharField(max_length=300, blank=True)
