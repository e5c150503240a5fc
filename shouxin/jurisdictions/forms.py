"""What is asked of staff here: which rules, reckoned from when and where; which day is declared."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.core.clock import now
from shouxin.core.form_fields import DayField, MomentField
from shouxin.jurisdictions.actions import Declaration
from shouxin.jurisdictions.calendars import windows
from shouxin.jurisdictions.labels import SUBJECTS
from shouxin.jurisdictions.packs import pack, packs
from shouxin.jurisdictions.packs.pack import Pack
from shouxin.jurisdictions.rules import Rule

CLOCK_FORMAT = "%Y-%m-%dT%H:%M"


def places() -> list[tuple[str, str]]:
    """Jurisdictions with rules and a calendar of their own."""
    return [(one.code, str(one.name)) for one in packs() if one.has_calendar and one.rules]


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
    """A day closed, open, or open for some hours."""

    day = DayField(label=gettext_lazy("Day"))
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Leave empty for all places."),
    )
    is_open = forms.ChoiceField(
        label=gettext_lazy("On that day"),
        choices=[("closed", gettext_lazy("Offices closed")), ("open", gettext_lazy("Offices open"))],
    )
    hours = forms.CharField(
        label=gettext_lazy("Hours"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Only when open, as in 13:00-17:30."),
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200)

    def clean(self) -> dict:
        given = self.cleaned_data
        try:
            windows(*given.get("hours", "").split())
        except ValueError:
            self.add_error("hours", _("Write hours as 09:00-12:00 13:00-17:30."))
        if given.get("is_open") == "closed" and given.get("hours"):
            self.add_error("hours", _("A closed day has no hours."))
        return given

    def declaration(self, jurisdiction: Pack) -> Declaration:
        given = self.cleaned_data
        return Declaration(
            jurisdiction=jurisdiction.code, place=given["place"].strip(), day=given["day"], source=given["source"],
            is_open=given["is_open"] == "open", hours=tuple(given["hours"].split()),
        )  # fmt: skip
