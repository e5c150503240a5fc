"""Who serves: branches, teams, staff and their skills; and who sold: agents and their tenure."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouxin.core.refs import Referable
from shouxin.core.rights import Right


class Post(models.TextChoices):
    CT = "CT", _("Counter")
    CC = "CC", _("Call centre")
    EC = "EC", _("Enquiries and complaints")
    CR = "CR", _("Customer relations")
    SP = "SP", _("Service planning")
    CL = "CL", _("Claims assistant")
    TL = "TL", _("Team leader")


class Function(models.TextChoices):
    HR = "hr", _("Human resources")
    COMPLIANCE = "compliance", _("Compliance")
    ADMIN = "admin", _("Administrator")


class Company(models.Model):
    """The insurer this home belongs to: one row."""

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    service_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_example = models.BooleanField(default=False)
    founded_at = models.DateTimeField()


class Branch(models.Model):
    """An office with a jurisdiction; its calendar is that of its place."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    jurisdiction = models.CharField(max_length=12)
    place = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="teams")
    leader = models.ForeignKey("Staff", null=True, blank=True, on_delete=models.SET_NULL, related_name="teams_led")

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """What a person can serve; a work item asks for one skill."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, account: str, password: str | None = None, **about) -> "Staff":
        staff = self.model(account=account.lower(), **about)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def serving(self) -> models.QuerySet["Staff"]:
        """Those who can sign in and be given work."""
        return self.filter(is_active=True)

    def get_by_natural_key(self, account: str) -> "Staff":
        return self.get(account=account.strip().lower())


class Staff(Referable, AbstractBaseUser):
    """An employee of the insurer; who serves customers is an officer."""

    ref_kind = "staff"

    account = models.CharField(_("Account"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    name_sort = models.CharField(max_length=120, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    post = models.CharField(_("Post"), max_length=2, choices=Post.choices)
    functions = ArrayField(models.CharField(max_length=12, choices=Function.choices), default=list, blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    skills = models.ManyToManyField(Skill, through="StaffSkill", related_name="holders")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hant")
    theme = models.CharField(max_length=5, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))])
    density = models.CharField(max_length=5, blank=True, choices=[("roomy", _("Roomy"))])
    shortcuts_on = models.BooleanField(default=True)

    USERNAME_FIELD = "account"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = StaffManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(account=models.functions.Lower("account")), name="staff_account_lower"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="staff_left_after_joined"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has(self, right: Right) -> bool:
        """Whether the post or a function of this person holds the right."""
        return self.is_active and (self.post in right.posts or not right.functions.isdisjoint(self.functions))

    def is_function(self, function: str) -> bool:
        return function in self.functions

    def dims(self) -> dict[str, str]:
        """What a fact says about where this person served."""
        team = self.team
        return {
            "post": self.post,
            "team": team.code if team else "",
            "branch": team.branch.code if team else "",
        }


class StaffSkill(models.Model):
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="staff_skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT)
    since_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "skill"], name="staff_skill_once")]


class Deputy(models.Model):
    """Who stands in for whom, for a span of days."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="deputy_for")
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(staff=F("deputy")), name="deputy_is_someone_else"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="deputy_span_forward"),
        ]


class Agent(Referable, models.Model):
    """業務員: who sold. A departed agent stays, so that a complaint can still name him."""

    ref_kind = "agent"

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="agents")
    registered_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    def has_left_on(self, day: date) -> bool:
        return self.left_on is not None and self.left_on <= day
