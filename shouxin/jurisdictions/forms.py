"""What is asked of staff here: which rules, reckoned from when and where; which day is declared."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.clock import now
from shouxin.core.form_fields import DayField, MomentField
from shouxin.core.templatetags import moment
from shouxin.jurisdictions.actions import Declaration
from shouxin.jurisdictions.calendars import windows
from shouxin.jurisdictions.labels import SUBJECTS
from shouxin.jurisdictions.packs import pack, packs
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.queries import places_of
from shouxin.jurisdictions.rules import Rule

# A day is declared late at night, or for the coming year; further away it is a slip of the pen.
PAST, AHEAD = timedelta(days=31), timedelta(days=730)
CLOCK_FORMAT = "%Y-%m-%dT%H:%M"


def places() -> list[tuple[str, str]]:
    """Jurisdictions with rules and a calendar of their own; first those where there are offices."""
    return sorted(
        ((one.code, str(one.name)) for one in packs() if one.has_calendar and one.rules),
        key=lambda pair: not places_of(pair[0]),
    )


class RuleSearchForm(forms.Form):
    jurisdiction = forms.ChoiceField(label=gettext_lazy("Jurisdiction"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Words, article or number"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Words, article or number")}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        ruled = [(one.code, str(one.name)) for one in packs() if one.rules]
        self.fields["jurisdiction"].choices = [("", _("All jurisdictions")), *ruled]
        told = sorted(((code, _(label)) for code, label in SUBJECTS.items()), key=lambda pair: pair[1])
        self.fields["subject"].choices = [("", _("All subjects")), *told]


class TryForm(forms.Form):
    """From which instant a rule is reckoned, by which calendar."""

    start = MomentField(label=gettext_lazy("Start"))
    calendar = forms.ChoiceField(label=gettext_lazy("Calendar of"), choices=places)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=20)

    @classmethod
    def asked(cls, asked: dict, rule: Rule) -> "TryForm":
        """What was asked, or this minute by the calendar of the rule's own jurisdiction."""
        home = pack(rule.jurisdiction)
        code = home.code if home.has_calendar else places()[0][0]
        begin = now().astimezone(ZoneInfo(pack(code).zone))
        given = asked if asked.get("start") else {"start": begin.strftime(CLOCK_FORMAT), "calendar": code}
        return cls(given)

    def start_at(self, zone: ZoneInfo) -> datetime:
        """The instant on the wall of that place."""
        return self.cleaned_data["start"].replace(tzinfo=zone)


class DeclareForm(forms.Form):
    """A day closed, open, or open for some hours; or what was declared of it withdrawn.

    What it would move is shown first; `confirmed` is in the form that goes with that.
    """

    CLOSED, OPEN, WITHDRAWN = "closed", "open", "withdrawn"

    day = DayField(label=gettext_lazy("Day"))
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    is_open = forms.ChoiceField(
        label=gettext_lazy("On that day"),
        choices=[
            (CLOSED, gettext_lazy("Offices closed")),
            (OPEN, gettext_lazy("Offices open")),
            (WITHDRAWN, gettext_lazy("As usual: withdraw what was declared")),
        ],
    )
    hours = forms.CharField(
        label=gettext_lazy("Hours"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Only when open, as in 13:00-17:30."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Customers read it in our letter.")
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, jurisdiction: Pack, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.jurisdiction, self.today = jurisdiction, today
        offices = [(place, place) for place in places_of(jurisdiction.code)]
        self.fields["place"].choices = [("", _("All places")), *offices]

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if not self.today - PAST <= day <= self.today + AHEAD:
            told = {"first": moment.day(self.today - PAST), "last": moment.day(self.today + AHEAD)}
            raise forms.ValidationError(_("Please choose a day from %(first)s to %(last)s.") % told)
        return day

    def clean(self) -> dict:
        given = self.cleaned_data
        try:
            windows(*given.get("hours", "").split())
        except ValueError:
            self.add_error("hours", _("Write hours as 09:00-12:00 13:00-17:30."))
        if given.get("is_open") != self.OPEN and given.get("hours"):
            self.add_error("hours", _("A closed day has no hours."))
        return given

    def declaration(self) -> Declaration:
        given = self.cleaned_data
        return Declaration(
            jurisdiction=self.jurisdiction.code, place=given["place"], day=given["day"], source=given["source"],
            is_open=given["is_open"] == self.OPEN, hours=tuple(given["hours"].split()),
            is_withdrawn=given["is_open"] == self.WITHDRAWN,
        )  # fmt: skip

    def again(self) -> list[tuple[str, str]]:
        """What was understood, field by field, to be posted once more with its confirmation."""
        given = self.cleaned_data
        understood = [(name, given[name]) for name in ("place", "is_open", "hours", "source")]
        return [("day", given["day"].isoformat()), *understood, ("confirmed", "on")]
