"""Who serves: branches, teams, staff and their skills; and who sold: agents and their tenure."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shouxin.core.kept import KeptForeignKey
from shouxin.core.refs import Referable
from shouxin.core.rights import Right
from shouxin.core.sorting import sort_key
from shouxin.jurisdictions.packs import calendar_key


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


class MailSecurity(models.TextChoices):
    STARTTLS = "starttls", _("STARTTLS (usually port 587)")
    TLS = "tls", _("TLS from the start (usually port 465)")
    NONE = "none", _("none (only inside one's own network)")


class Company(models.Model):
    """The insurer this home belongs to: one row, or none while nobody has moved in."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("Name of the company"), max_length=80)
    name_en = models.CharField(_("Name in English"), max_length=120, blank=True)
    service_phone = models.CharField(_("Service telephone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail of the service"), blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    public_url = models.CharField(_("Public address of this site"), max_length=200, blank=True)
    mail_host = models.CharField(_("Mail server"), max_length=200, blank=True)
    mail_port = models.PositiveIntegerField(_("Port"), default=587)
    mail_security = models.CharField(_("Encryption"), max_length=8, choices=MailSecurity, default=MailSecurity.STARTTLS)
    mail_user = models.CharField(_("User of the mail server"), max_length=200, blank=True)
    is_example = models.BooleanField(default=False)
    founded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_company_per_home")]

    def __str__(self) -> str:
        return self.name


class CompanyLogo(models.Model):
    """The picture beside the company's name, on public pages and letters: a PNG or JPEG, never anything that runs."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="logo")
    media_type = models.CharField(max_length=10, choices=[("image/png", "PNG"), ("image/jpeg", "JPEG")])
    content = models.BinaryField()
    checksum = models.CharField(max_length=64)


class Branch(models.Model):
    """An office with a jurisdiction; its calendar is that of its place."""

    code = models.SlugField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    jurisdiction = models.CharField(_("Jurisdiction"), max_length=12)
    place = models.CharField(_("Place"), max_length=20, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def calendar_key(self) -> str:
        """How promises name the calendar of this office."""
        return calendar_key(self.jurisdiction, self.place)


class OfficeHours(models.Model):
    """One window in which an office is open, from a day on; the newest `from_on` of an office replaces the older."""

    MAKE_UP_DAY = 7

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="hours")
    from_on = models.DateField()
    weekday = models.PositiveSmallIntegerField()  # Monday is 0; 7 is a make-up working day
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=7), name="hours_of_a_weekday"),
            models.CheckConstraint(
                condition=Q(closes_minute__gt=F("opens_minute"), closes_minute__lte=1440), name="hours_forward"
            ),
            models.UniqueConstraint(fields=["branch", "from_on", "weekday", "opens_minute"], name="hours_once"),
        ]


class Team(models.Model):
    code = models.SlugField(_("Code"), max_length=20, unique=True)
    name = models.CharField(_("Name"), max_length=60)
    branch = KeptForeignKey(Branch, verbose_name=_("Office"), on_delete=models.PROTECT, related_name="teams")
    leader = models.ForeignKey(
        "Staff", verbose_name=_("Leader"), null=True, blank=True, on_delete=models.SET_NULL, related_name="teams_led"
    )

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """What a person can serve; a work item asks for one skill."""

    code = models.SlugField(_("Code"), max_length=30, unique=True)
    name = models.CharField(_("Name"), max_length=60)

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, account: str, password: str | None = None, **about) -> "Staff":
        about.setdefault("name_sort", sort_key(about.get("name", "")))
        staff = self.model(account=account.strip().lower(), **about)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def in_order(self) -> models.QuerySet["Staff"]:
        """All, by strokes of the name, with what a list shows."""
        return self.select_related("team__branch").order_by("name_sort", "pk")

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
    email_before = models.EmailField(blank=True)  # given up at `email_changed_at`; told of the change
    email_changed_at = models.DateTimeField(null=True, blank=True)
    post = models.CharField(_("Post"), max_length=2, choices=Post.choices)
    functions = ArrayField(
        models.CharField(max_length=12, choices=Function.choices), verbose_name=_("Functions"), default=list, blank=True
    )
    team = KeptForeignKey(
        Team, verbose_name=_("Team"), null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    skills = models.ManyToManyField(Skill, through="StaffSkill", related_name="holders")
    joined_on = models.DateField(_("Joined on"))
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(_("Language"), max_length=10, default="zh-hant")
    theme = models.CharField(
        _("Light or dark"), max_length=5, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))]
    )
    density = models.CharField(_("Display density"), max_length=5, blank=True, choices=[("roomy", _("Roomy"))])
    shortcuts_on = models.BooleanField(_("Keyboard shortcuts"), default=True)
    is_mailed_notices = models.BooleanField(_("Also send notices by e-mail"), default=True)

    USERNAME_FIELD = "account"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = StaffManager()

    class Meta:
        indexes = [models.Index(fields=["name_sort", "id"], name="staff_by_name")]
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

    def function_names(self) -> list[str]:
        return [str(Function(function).label) for function in self.functions]

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


class Notice(models.Model):
    """Something one member of staff should know; shown by the bell, and mailed."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)  # whoever may run twice names the notice, so that it is one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "key"], condition=~Q(key=""), name="notice_once_per_key")
        ]
        indexes = [
            models.Index(fields=["staff", "-at", "-id"], name="notice_latest"),
            models.Index(fields=["staff"], condition=Q(read_at=None), name="notice_unread"),
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
