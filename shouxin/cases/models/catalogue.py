"""What the insurer does for its customers, and the sentences it likes to use."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shouxin.core.simplified import simplified
from shouxin.people.models import Post


class Stage(models.TextChoices):
    PRE = "pre", _("Before the sale")
    IN = "in", _("During the sale")
    AFTER = "after", _("After the sale")


STAGE_OF_LETTER = {"P": Stage.PRE, "I": Stage.IN, "A": Stage.AFTER}


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> "ServiceQuerySet":
        return self.filter(is_offered=True)

    def online(self) -> "ServiceQuerySet":
        """What a customer may choose on the public form."""
        return self.filter(is_offered=True, is_online=True)


class Service(models.Model):
    """One entry of the catalogue: P01 product enquiry … A31. Its code says the stage."""

    code = models.CharField(max_length=6, primary_key=True)
    stage = models.CharField(max_length=5, choices=Stage.choices)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    name_hans = models.CharField(max_length=80)
    posts = ArrayField(models.CharField(max_length=2, choices=Post.choices))
    skill = models.SlugField(max_length=30)
    priority = models.SmallIntegerField(default=3)
    papers = models.JSONField(default=list, blank=True)
    past_papers = models.JSONField(default=list, blank=True)  # [[until when, the papers asked for], …]
    promise_subjects = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    opening_events = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_online = models.BooleanField(default=False)
    is_offered = models.BooleanField(default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[PIA][0-9]{2,4}$"), name="service_code_says_stage"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="service_priority_known"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        language = (get_language() or "zh-hant").lower()
        if language.startswith("en"):
            return self.name_en
        return self.name_hans if language == "zh-hans" else self.name

    def asks_for(self, at: datetime | None = None) -> list[tuple[str, str, bool]]:
        """Of every paper its code, title and whether it is asked for only if it applies; `at`: as it was then."""
        past = ((datetime.fromisoformat(until), papers) for until, papers in self.past_papers)
        papers = next((papers for until, papers in past if at is not None and at < until), self.papers)
        language = (get_language() or "zh-hant").lower()
        name, told = ("name_en" if language.startswith("en") else "name"), simplified if language == "zh-hans" else str
        return [(each["code"], told(each[name]), each.get("is_optional", False)) for each in papers]


def past_papers(service: Service, papers: list[dict[str, Any]], at: datetime) -> list[list[Any]]:
    """The past lists if it asks for `papers` from `at` on: cases opened before keep the list of their day."""
    is_same = papers == service.papers
    return service.past_papers if is_same else [*service.past_papers, [at.isoformat(), service.papers]]


class ReplyTemplate(models.Model):
    """A reply written once and filled in: {customer}, {number}, {officer}, {company}, {service}, {due}, {papers}."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(_("Title"), max_length=80)
    body = models.TextField(_("Text"))
    language = models.CharField(max_length=10, default="zh-hant")
    services = models.ManyToManyField(Service, blank=True, related_name="reply_templates")
    is_offered = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title
