"""What officers say about deadlines: that one is extended, and on which day a posted letter arrived."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouxin.cases.forms import CaseForm
from shouxin.cases.lengthening import lengthenings
from shouxin.cases.models import Letter
from shouxin.cases.rights import DIRECT
from shouxin.core.clock import day_of, local, now
from shouxin.core.form_fields import DayField
from shouxin.people.models import Staff

NOON = time(12)


class ExtensionForm(CaseForm):
    """More time, where a rule allows it: which step of which promise, why, and who approved it if the rule asks."""

    what = forms.ChoiceField(label=_("What is extended"))
    reason = forms.CharField(
        label=_("Why more time is needed"), max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text=_("The customer reads this in our letter, with the new date."),
    )  # fmt: skip
    approver = forms.ModelChoiceField(
        label=_("Approved by"), queryset=Staff.objects.none(), required=False, empty_label=_("Nobody has to")
    )

    def prepare(self) -> None:
        found = lengthenings(self.case, now())
        self.steps = {each.value: each.step for each in found}
        self.fields["what"].choices = [("", gettext("Please choose")), *((each.value, each.label) for each in found)]
        if not any(step.approver for step in self.steps.values()):
            del self.fields["approver"]
            return
        able = Staff.objects.serving().filter(post__in=DIRECT.posts).exclude(pk=self.by.pk if self.by else 0)
        self.fields["approver"].queryset = able.order_by("name_sort", "pk")
        self.fields["approver"].label_from_instance = lambda staff: f"{staff.name}　{staff.team or ''}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        step = self.steps.get(cleaned.get("what", ""))
        if step and step.approver and not cleaned.get("approver"):
            text = gettext("This extension needs the approval of: %(who)s")
            self.add_error("approver", text % {"who": step.approver})
        return cleaned

    def told(self) -> dict[str, Any]:
        """As `extend_promise` takes it."""
        promise, _space, step = self.cleaned_data["what"].partition(" ")
        approver = self.cleaned_data.get("approver") if self.steps[self.cleaned_data["what"]].approver else None
        return {"promise": int(promise), "step": step, "reason": self.cleaned_data["reason"], "approver": approver}


class DeliveryForm(forms.Form):
    """On which day a letter that was posted reached the customer, as its receipt says."""

    on = DayField(label=_("Arrived on"))

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        self.letter = letter
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if not day_of(self.letter.sent_at) <= day <= day_of(now()):
            raise forms.ValidationError(_("The day lies between the posting of the letter and today."))
        return day

    def at(self) -> datetime:
        """Noon of that day; not before it was posted, and not later than now."""
        noon = datetime.combine(self.cleaned_data["on"], NOON, tzinfo=local(now()).tzinfo)
        return min(max(noon, self.letter.sent_at), now())
