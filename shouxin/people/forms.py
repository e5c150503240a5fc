"""Forms of people: signing in, the profile, staff, offices, moving in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.contrib.auth.password_validation import validate_password
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouxin.core.clock import day_of, now
from shouxin.core.form_fields import CodeField, DayField
from shouxin.core.versions import Versioned
from shouxin.jurisdictions.calendars import Hours, windows
from shouxin.jurisdictions.packs import pack, packs
from shouxin.people.actions import ADDRESS_RESTS, ask_password_link, locked
from shouxin.people.address import origin
from shouxin.people.logo import MOST_LOGO_BYTES, picture_type
from shouxin.people.models import Agent, Branch, Company, Deputy, Function, Skill, Staff, Team
from shouxin.people.queries import hours_of
from shouxin.people.rules import GIVE_FUNCTIONS, NOT_ONESELF, NOT_YOURS, may_decide_over, may_move

# The validators of the settings in one sentence.
PASSWORD_HINT = _("At least ten characters; not a common password, and unlike the name, account and e-mail address.")
PUBLIC_URL_HINT = _(
    "Where customers and staff reach this site, such as https://service.example.com. "
    "Every link in a letter begins with it."
)
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The account and password do not match. Passwords are case-sensitive; please try again."),
        "inactive": _("This account is closed. Ask your administrator if that is a mistake."),
    }


class ForgottenForm(PasswordResetForm):
    """The link also goes to people who never set a password: that is how they set their first."""

    def get_users(self, email: str):
        """Not to an address that was changed of late: whoever changed it must not set the password as well."""
        is_settled = Q(email_changed_at=None) | Q(email_changed_at__lte=now() - ADDRESS_RESTS)
        return Staff.objects.serving().filter(is_settled, email__iexact=email)

    def save(self, **_about: object) -> None:
        """Nothing is sent here: the answer takes as long for an address we know as for any other."""
        for staff in self.get_users(self.cleaned_data["email"]):
            ask_password_link(staff)


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = PASSWORD_HINT


class ChangedPasswordForm(NewPasswordForm, PasswordChangeForm):
    """The old password first, then the new one with its hint."""


class ProfileForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-hant", "繁體中文"), ("zh-hans", "简体中文"), ("en", "English")]
    )

    class Meta:
        model = Staff
        fields = ["email", "language", "theme", "density", "shortcuts_on", "is_mailed_notices"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in (("theme", _("As on this device")), ("density", _("Compact"))):
            self.fields[name].choices = [("", usual), *self.fields[name].choices[1:]]


class DeputyForm(forms.ModelForm):
    class Meta:
        model = Deputy
        fields = ["deputy", "from_on", "until_on"]
        labels = {"deputy": _("Deputy"), "from_on": _("From"), "until_on": _("Until")}
        field_classes = {"from_on": DayField, "until_on": DayField}

    def __init__(self, *args, staff: Staff, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].empty_label = _("Please choose")
        self.fields["deputy"].queryset = Staff.objects.serving().exclude(pk=staff.pk).order_by("name_sort")

    def clean(self) -> dict:
        span = self.cleaned_data
        if span.get("from_on") and span.get("until_on") and span["until_on"] < span["from_on"]:
            self.add_error("until_on", _("The last day is before the first day."))
        return span


class StaffForm(Versioned, forms.ModelForm):
    """Who somebody is and where he serves; the functions only for those who may give them."""

    functions = forms.MultipleChoiceField(
        label=_("Functions"), choices=Function.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Staff
        fields = ["account", "name", "email", "post", "team", "joined_on", "functions"]
        field_classes = {"joined_on": DayField}

    def __init__(self, *args, by: Staff, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if self.instance.pk:
            del self.fields["account"]
        else:
            self.fields["account"].validators.append(forms.fields.validators.validate_slug)
            self.fields["account"].help_text = _("Letters, digits, - and _. It is what the person signs in with.")
        if not by.has(GIVE_FUNCTIONS):
            del self.fields["functions"]

    def clean(self) -> dict:
        """What decides over the account of a colleague with a function is said at its field."""
        cleaned, changed = super().clean(), set(self.changed_data)
        if not self.instance.pk:
            return cleaned
        is_own = self.by.pk == self.instance.pk
        if "email" in changed and not is_own and not may_decide_over(self.by, self.instance):
            self.add_error("email", NOT_YOURS)
        moved = [name for name in ("post", "team") if name in changed]
        if moved and not may_move(self.by, self.instance, is_post_changed="post" in moved):
            self.add_error(moved[0], NOT_ONESELF if is_own else NOT_YOURS)
        return cleaned

    def clean_account(self) -> str:
        return self.cleaned_data["account"].lower()


class SkillsForm(Versioned, forms.Form):
    skills = forms.ModelMultipleChoiceField(
        label=_("Skills"), queryset=Skill.objects.order_by("pk"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, staff: Staff, **kwargs) -> None:
        self.staff = staff
        super().__init__(*args, initial={"skills": held_skills(staff)}, **kwargs)

    def standing(self) -> dict:
        return {"account": self.staff.account, "skills": held_skills(self.staff)}

    def hold(self) -> None:
        locked(self.staff)


def held_skills(staff: Staff) -> list[int]:
    return list(staff.staff_skills.order_by("skill_id").values_list("skill_id", flat=True))


class DepartureForm(forms.Form):
    left_on = DayField(label=_("Last day"))


class CompanyForm(Versioned, forms.ModelForm):
    class Meta:
        model = Company
        fields = ["name", "name_en", "service_phone", "email", "address", "public_url"]
        help_texts = {
            "email": _("Mail to customers is sent from this address."),
            "public_url": PUBLIC_URL_HINT,
        }  # fmt: skip

    def clean_public_url(self) -> str:
        return clean_origin(self.cleaned_data["public_url"])


def clean_origin(text: str) -> str:
    """Scheme and host of an address that was typed; empty stays empty."""
    if not text.strip():
        return ""
    if not (found := origin(text)):
        raise forms.ValidationError(_("Write the address like https://service.example.com, without anything after it."))
    return found


class MailForm(Versioned, forms.ModelForm):
    """By which server mail leaves. The password is kept beside the other secrets of the home, not in the database."""

    password = forms.CharField(
        label=_("Password"), required=False, strip=False, help_text=_("Leave empty to keep the present one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    class Meta:
        model = Company
        fields = ["mail_host", "mail_port", "mail_security", "mail_user"]
        help_texts = {"mail_host": _("Empty: letters are kept as files on this server and nothing is sent.")}


class LogoForm(forms.Form):
    logo = forms.FileField(label=_("Logo"), help_text=_("PNG or JPEG, up to 1 MB."))

    def clean_logo(self) -> tuple[str, bytes]:
        """Media type and content."""
        file = self.cleaned_data["logo"]
        content = file.read(MOST_LOGO_BYTES + 1)
        kind = picture_type(content)
        if len(content) > MOST_LOGO_BYTES or not kind:
            raise forms.ValidationError(
                _("Please choose a PNG or JPEG picture of at most 1 MB and 4,000 pixels a side.")
            )
        return kind, content


def jurisdictions() -> list[tuple[str, str]]:
    """Places with a calendar and rules: where an office can be."""
    return [(each.code, str(each.name)) for each in packs() if each.has_calendar and each.rules]


class BranchForm(Versioned, forms.ModelForm):
    jurisdiction = forms.ChoiceField(label=_("Jurisdiction"), choices=jurisdictions)

    class Meta:
        model = Branch
        fields = ["code", "name", "jurisdiction", "place", "address"]
        help_texts = {"place": _("The city, such as 台北市: a day declared closed there closes this office.")}


class HoursForm(Versioned, forms.Form):
    """Eight lines of hours, each like 09:00-12:00 13:00-17:30; an empty one is a day of rest."""

    from_on = DayField(label=_("From"))

    def __init__(self, *args, office: Branch, **kwargs) -> None:
        self.office = office
        super().__init__(*args, initial=self.initial_of(holding_hours(office)) | {"from_on": day_of(now())}, **kwargs)
        for number, label in enumerate([*WEEKDAYS, _("Make-up working day")]):
            self.fields[f"day{number}"] = forms.CharField(label=label, required=False, max_length=80)

    def standing(self) -> dict:
        """All hours of the office, whatever day they begin; what differs is told of those that were set last."""
        told = {each.from_on.isoformat(): self.initial_of(each) for each in hours_of(self.office)}
        return {"office": self.office.code, "all": told} | self.initial_of(holding_hours(self.office))

    def hold(self) -> None:
        list(Branch.objects.select_for_update(no_key=True, of=("self",)).filter(pk=self.office.pk).values_list("pk"))

    def clean(self) -> dict:
        super().clean()
        for number in range(8):
            text = self.cleaned_data.get(f"day{number}", "")
            try:
                self.cleaned_data[f"day{number}"] = windows(*text.replace("–", "-").replace(",", " ").split())
            except ValueError:
                self.add_error(f"day{number}", _("Write hours as 09:00-12:00 13:00-17:30."))
        if not self.errors and not any(self.cleaned_data[f"day{number}"] for number in range(7)):
            raise forms.ValidationError(
                _("An office that is never open cannot keep a promise. Set opening hours for at least one day.")
            )
        return self.cleaned_data

    def hours(self) -> Hours:
        days = [self.cleaned_data[f"day{number}"] for number in range(8)]
        return Hours(from_on=self.cleaned_data["from_on"], weekly=tuple(days[:7]), makeup=days[7])

    @staticmethod
    def initial_of(hours: Hours) -> dict[str, str]:
        """The texts of these hours, to begin with."""
        days = [*hours.weekly, hours.makeup]
        return {f"day{number}": " ".join(_span(window) for window in day) for number, day in enumerate(days)}


def holding_hours(office: Branch) -> Hours:
    """The hours that were set last; where none were, those of the place."""
    return (hours_of(office) or pack(office.jurisdiction).hours)[-1]


def _span(window: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in window)


class TeamForm(Versioned, forms.ModelForm):
    class Meta:
        model = Team
        fields = ["code", "name", "branch", "leader"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = Staff.objects.serving().order_by("name_sort")


class SkillForm(Versioned, forms.ModelForm):
    class Meta:
        model = Skill
        fields = ["code", "name"]


class AgentForm(Versioned, forms.ModelForm):
    class Meta:
        model = Agent
        fields = ["number", "name", "branch", "registered_on", "left_on"]
        labels = {
            "number": _("Number"), "name": _("Name"), "branch": _("Office"), "registered_on": _("Registered on"),
            "left_on": _("Left on"),
        }  # fmt: skip
        field_classes = {"number": CodeField, "registered_on": DayField, "left_on": DayField}


class FoundingForm(forms.Form):
    """The first hour: the company, its first office, its first administrator."""

    company_name = forms.CharField(label=_("Name of the company"), max_length=80)
    service_phone = forms.CharField(label=_("Service telephone"), max_length=40, required=False)
    company_email = forms.EmailField(label=_("E-mail of the service"), required=False)
    office_name = forms.CharField(label=_("Name of the head office"), max_length=60)
    jurisdiction = forms.ChoiceField(label=_("Jurisdiction"), choices=jurisdictions)
    place = forms.CharField(label=_("City"), max_length=20, required=False)
    public_url = forms.CharField(
        label=_("Public address of this site"), max_length=200, required=False,
        help_text=PUBLIC_URL_HINT,
    )  # fmt: skip
    name = forms.CharField(label=_("Your name"), max_length=60)
    account = forms.SlugField(label=_("Your account"), max_length=40)
    email = forms.EmailField(label=_("Your e-mail"), required=False)
    password = forms.CharField(
        label=_("Password"), strip=False, help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Repeat the password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_public_url(self) -> str:
        return clean_origin(self.cleaned_data["public_url"])

    def clean(self) -> dict:
        told = self.cleaned_data
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            self.add_error("again", _("The two passwords do not match."))
        elif told.get("password"):
            person = Staff(account=told.get("account", ""), name=told.get("name", ""), email=told.get("email", ""))
            try:
                validate_password(told["password"], person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return told
