"""A standard of the company, filled in by whoever may adopt it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouxin.cases.queries import services
from shouxin.catalogue.forms import EditionForm
from shouxin.core.clock import day_of, now
from shouxin.core.form_fields import DayField
from shouxin.jurisdictions.actions import Adoption, terms_of
from shouxin.jurisdictions.labels import SCOPES, UNITS
from shouxin.jurisdictions.packs import COMPANY
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.standards import in_force

LANGUAGES = ("hant", "en", "hans")
# A standard is decided for the coming months; a day further away is a slip of the pen.
AHEAD = timedelta(days=2 * 366)


class StandardForm(EditionForm):
    """What the company sets; from when it counts, by which act it is kept and what pauses it are as shipped."""

    limit = forms.IntegerField(label=_("Time limit"), min_value=1, max_value=999)
    unit = forms.ChoiceField(label=_("Unit"))
    valid_from = DayField(
        label=_("Valid from"), help_text=_("Cases that come in from this day on follow it; open promises keep theirs.")
    )
    services = forms.MultipleChoiceField(
        label=_("Services it holds for"), required=False, widget=forms.SelectMultiple({"size": 10}),
        help_text=_("If none is chosen, it holds for every service whose entry in the catalogue names its subject."),
    )  # fmt: skip
    scope = forms.MultipleChoiceField(
        label=_("Only for policies that are all of this"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Kinds of insurance and ways of sale. If none is ticked, it holds for all."),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=_("Promised to the customer"), required=False,
        help_text=_("The customer sees the clock on the page of the case. If not ticked, only colleagues do."),
    )  # fmt: skip
    is_on = forms.BooleanField(
        label=_("In use"), required=False, help_text=_("If not ticked, nothing is promised by it from that day on.")
    )
    title_hant = forms.CharField(label=_("What is promised, in Traditional Chinese"), max_length=80)
    title_en = forms.CharField(label=_("What is promised, in English"), max_length=120)
    title_hans = forms.CharField(label=_("What is promised, in Simplified Chinese"), max_length=80)
    note_hant = forms.CharField(label=_("Note, in Traditional Chinese"), required=False, max_length=300)
    note_en = forms.CharField(label=_("Note, in English"), required=False, max_length=300)
    note_hans = forms.CharField(label=_("Note, in Simplified Chinese"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(code, gettext(text)) for code, text in UNITS.items()]
        self.fields["services"].choices = [(each.pk, f"{each.pk} {each.label}") for each in services().values()]
        self.fields["scope"].choices = [(code, gettext(text)) for code, text in SCOPES.items()]

    def begun(self, row: Rule) -> dict[str, Any]:
        """What the newest version says; a day that has passed is not proposed again."""
        said = terms_of(row)
        for name in ("title", "note"):
            said |= {f"{name}_{language}": text for language, text in said.pop(name).items()}
        return said | {"valid_from": max(filter(None, (row.valid_from, day_of(now()))))}

    def edition(self) -> str:
        return str(self.row.version)

    def read_again(self) -> None:
        self.row = in_force(COMPANY).rule(self.row.id)

    def clean_valid_from(self) -> date:
        day, today = self.cleaned_data["valid_from"], day_of(now())
        if day < today:
            raise forms.ValidationError(_("It can hold from today on, not from a day that has passed."))
        if day > today + AHEAD:
            raise forms.ValidationError(_("This day lies too far away."))
        return day

    def adoption(self) -> Adoption:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        words = {name: {each: given[f"{name}_{each}"] for each in LANGUAGES} for name in ("title", "note")}
        plain = {name: given[name] for name in ("valid_from", "limit", "unit", "is_public", "is_on")}
        return Adoption(**plain, **words, services=tuple(given["services"]), scope=tuple(given["scope"]))
