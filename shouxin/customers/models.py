"""Whom we serve: customers, how to reach them, who speaks for them, what they agreed to, what to heed."""

import re
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Length
from django.utils.translation import gettext_lazy as _

from shouxin.core.incoming import normal
from shouxin.core.masking import mask_address, mask_email, mask_id, mask_name, mask_phone
from shouxin.core.phones import FEWEST_DIGITS, phone_digits
from shouxin.core.refs import Referable
from shouxin.core.statements import stated
from shouxin.core.text import queries
from shouxin.people.models import Branch, Staff

# So many digits of a telephone's beginning are looked for; those a mask hides never are.
FEWEST_PART = 4
_PART = re.compile(r"\(?\d[\d ()-]*")


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, staff: Staff) -> "CustomerQuerySet":
        """Whoever serves may find a customer; what is personal stays masked until asked for with a reason."""
        return self if staff.is_active else self.none()

    def standing(self) -> "CustomerQuerySet":
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def matching(self, text: str) -> "CustomerQuerySet":
        """Those whose name, number, identity number, telephone or mail hold every word of `text`."""
        asked, digits = queries(text), phone_digits(text)
        if not asked:
            return self.none()
        if len(digits) >= FEWEST_DIGITS and [digits] not in asked:
            asked.append([digits])
        found = reduce(or_, (Q(words__contains=words) for words in asked))
        if not FEWEST_PART <= len(digits) < FEWEST_DIGITS or not _PART.fullmatch(normal(text)):
            return self.filter(found)
        beginning = ContactPoint.objects.beginning_with(digits).values("customer")
        return self.filter(pk__in=Customer.objects.filter(found).values("pk").union(beginning))


class Customer(Referable, models.Model):
    """A person or an organisation. One that turns out to be another points to it; no row is ever moved."""

    ref_kind = "customer"

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(_("Name"), max_length=120)
    name_sort = models.CharField(max_length=200)
    id_number = models.CharField(_("Identity number"), max_length=40, blank=True)
    birth_on = models.DateField(_("Date of birth"), null=True, blank=True)
    gender = models.CharField(_("Gender"), max_length=6, choices=Gender.choices, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="zh-hant")
    branch = models.ForeignKey(Branch, null=True, blank=True, on_delete=models.PROTECT, related_name="customers")
    registered_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")
    words = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customer_not_merged_into_itself"),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="customer_words", fastupdate=False),
            models.Index(fields=["name_sort", "id"], name="customer_by_name", condition=Q(merged_into=None)),
            models.Index(fields=["id_number"], name="customer_by_identity", condition=~Q(id_number="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_name(self) -> str:
        return mask_name(self.name) if self.kind == self.Kind.PERSON else self.name

    @property
    def masked_id(self) -> str:
        return mask_id(self.id_number)

    @property
    def masked_birth(self) -> str:
        """The year alone."""
        return f"{self.birth_on.year}/●●/●●" if self.birth_on else ""

    def preferred(self, kind: str) -> "ContactPoint | None":
        """The valid contact of this kind that the customer prefers, or the newest one."""
        return _preferred.first(customer=self.pk, kind=kind)


@stated
def _preferred(customer, kind):
    valid = ContactPoint.objects.filter(customer=customer, kind=kind, is_valid=True)
    return valid.order_by("-is_preferred", "-id")[:1]


def _digits(value: Any) -> Func:
    """The digits of a telephone as the index keeps them: in the order of bytes, so that a beginning is found by it."""
    digits = Func(
        value, Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=models.TextField()
    )
    return Collate(digits, "C")


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def beginning_with(self, digits: str) -> "ContactPointQuerySet":
        """Telephones that begin so, where the mask shows as much: it hides the last four digits at least."""
        phones = self.filter(kind="phone", is_valid=True).alias(digits=_digits(F("value")))
        return phones.filter(digits__startswith=digits).alias(many=Length("digits")).filter(many__gte=len(digits) + 4)


class ContactPoint(models.Model):
    class Kind(models.TextChoices):
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("E-mail")
        ADDRESS = "address", _("Address")
        LINE = "line", _("LINE")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    value = models.CharField(_("Value"), max_length=200)
    is_preferred = models.BooleanField(_("Preferred"), default=False)
    is_valid = models.BooleanField(default=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                _digits(F("value")), name="contact_point_by_beginning", condition=Q(kind="phone", is_valid=True)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(is_preferred=True, is_valid=True),
                name="one_preferred_per_kind",
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "value"], condition=Q(is_valid=True), name="contact_point_once"
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        mask = {"phone": mask_phone, "email": mask_email, "address": mask_address}.get(self.kind, mask_id)
        return mask(self.value)


class Scope(models.TextChoices):
    """What a representative may ask and decide for the customer."""

    ALL = "all", _("Everything")
    ENQUIRY = "enquiry", _("Enquiries and information")
    COMPLAINT = "complaint", _("Complaints")
    CLAIM = "claim", _("Claims")
    SERVICING = "servicing", _("Changes to policies")


class RepresentativeQuerySet(models.QuerySet["Representative"]):
    def standing_on(self, day: date) -> "RepresentativeQuerySet":
        """Authorities that hold on this day."""
        return self.filter(
            Q(until_on=None) | Q(until_on__gte=day), Q(revoked_on=None) | Q(revoked_on__gt=day), from_on__lte=day
        )


class Representative(models.Model):
    """委任: who may speak for a customer, for what, from when until when, by which document."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="representatives")
    representative = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="represents")
    scope = models.CharField(_("Scope"), max_length=12, choices=Scope.choices)
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"), null=True, blank=True)
    document = models.CharField(_("Document"), max_length=200)
    recorded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_on = models.DateField(null=True, blank=True)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(customer=F("representative")), name="representative_is_someone_else"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="authority_span_forward"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="authority_has_a_document"),
        ]


class Consent(models.Model):
    """What a customer agreed to, when and how, and when he took it back."""

    class Purpose(models.TextChoices):
        MARKETING = "marketing", _("Offers and news")
        SURVEY = "survey", _("Satisfaction surveys")
        RECORDING = "recording", _("Recording of calls")
        SHARING = "sharing", _("Sharing within the group")
        ELECTRONIC = "electronic", _("Letters by e-mail instead of on paper")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=12, choices=Purpose.choices)
    given_at = models.DateTimeField()
    channel = models.CharField(_("Obtained by"), max_length=20)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"], condition=Q(withdrawn_at=None), name="one_standing_consent"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")), name="consent_given_first"
            ),
        ]


class CareNoteQuerySet(models.QuerySet["CareNote"]):
    def standing_on(self, day: date) -> "CareNoteQuerySet":
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), since_on__lte=day).order_by("pk")


class CareNote(models.Model):
    """What every officer should heed with this customer: hard of hearing, in mourning, threatened, reads English."""

    class Kind(models.TextChoices):
        VULNERABLE = "vulnerable", _("Needs special care")
        ACCESS = "access", _("Hearing, sight or mobility needs")
        LANGUAGE = "language", _("Language")
        DECEASED = "deceased", _("Deceased")
        OTHER = "other", _("Other")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="care_notes")
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("Special notes"), max_length=200)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = CareNoteQuerySet.as_manager()
