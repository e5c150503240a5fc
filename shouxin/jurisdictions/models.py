"""What people set: days that were declared, standards the company adopted. Rows are added, never edited."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouxin.core.refs import Referable
from shouxin.jurisdictions.calendars import Day, windows


@dataclass(frozen=True)
class Declaration:
    """What is declared: `place` "" for the whole jurisdiction, `hours` like "13:00-17:30" where some stay open.

    Withdrawn: what was declared of this day at this place no longer holds.
    """

    jurisdiction: str
    place: str
    day: date
    source: str
    is_open: bool = False
    hours: tuple[str, ...] = ()
    is_withdrawn: bool = False

    def as_row(self) -> "DeclaredDay":
        """Not saved, and by nobody yet."""
        return DeclaredDay(
            jurisdiction=self.jurisdiction, place=self.place, day=self.day, is_open=self.is_open,
            windows=list(self.hours), is_withdrawn=self.is_withdrawn, source=self.source,
        )  # fmt: skip


class DeclaredDayQuerySet(models.QuerySet):
    def holding_in(self, jurisdiction: str, place: str) -> "DeclaredDayQuerySet":
        """Declared for this place or for the whole jurisdiction, the newest last."""
        return self.filter(jurisdiction=jurisdiction, place__in={"", place}).order_by("declared_at", "pk")


class DeclaredDay(Referable, models.Model):
    ref_kind = "declared_day"

    jurisdiction = models.CharField(_("Jurisdiction"), max_length=12)
    place = models.CharField(_("Place"), max_length=20, blank=True)
    day = models.DateField(_("Day"))
    is_open = models.BooleanField(_("Offices open"), default=False)
    windows = ArrayField(models.CharField(max_length=11), verbose_name=_("Hours"), default=list, blank=True)
    is_withdrawn = models.BooleanField(_("Withdrawn"), default=False)
    source = models.CharField(_("Source"), max_length=200)
    declared_by = models.BigIntegerField(null=True)
    declared_at = models.DateTimeField()

    objects = DeclaredDayQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["jurisdiction", "place", "day"], name="declared_day_place")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source=""), name="declared_day_says_source"),
            models.CheckConstraint(
                condition=models.Q(is_open=True) | models.Q(windows=[]), name="declared_day_closed_has_no_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction}:{self.place} {self.day}"

    def as_day(self) -> Day:
        """For the calendar; open without hours means the usual ones of a make-up day."""
        hours = windows(*self.windows) if self.windows else None
        return Day(self.source, is_open=self.is_open, windows=hours, is_declared=True)


class CompanyStandard(models.Model):
    """A version of one of the company's standards, as somebody adopted it; version 1 is the shipped one.

    What is not here (from when it counts, by which act it is kept, what pauses it) is as shipped. The newest version
    whose day has come holds: an older one with a later day never does.
    """

    rule = models.CharField(max_length=12)
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    title = models.JSONField()
    note = models.JSONField(default=dict, blank=True)
    limit = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20)
    services = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    scope = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_public = models.BooleanField(default=True)
    is_on = models.BooleanField(default=True)
    adopted_by = models.BigIntegerField(null=True)
    adopted_at = models.DateTimeField()

    class Meta:
        ordering = ["rule", "version"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "version"], name="company_standard_version_once"),
            models.CheckConstraint(
                condition=models.Q(version__gt=1) & models.Q(limit__gt=0), name="company_standard_says_how_long"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.version}"
