"""The form on which staff take a request in."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouxin.cases.channels import taken_down_by_staff
from shouxin.cases.choices import services_by_kind
from shouxin.cases.forms import ConnectsForm, found_policy
from shouxin.cases.models import Priority, Service
from shouxin.core.fields import ManyFilesField
from shouxin.core.form_fields import CodeField, MailField, PhoneField
from shouxin.customers.models import Customer
from shouxin.people.models import Branch, Post
from shouxin.policies.models import Policy

# By which way most customers reach this post; everybody else is telephoned.
USUAL_CHANNEL = {Post.CT: "counter"}


class IntakeForm(ConnectsForm):
    """A request by telephone, at the counter, by letter: staff write down what was said."""

    channel = forms.ChoiceField(label=_("How it was received"), widget=forms.RadioSelect)
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.offered(), empty_label=_("Please choose")
    )
    subject = forms.CharField(label=_("Subject, in one line"), max_length=200)
    body = forms.CharField(
        label=_("What the customer said"), max_length=20000, widget=forms.Textarea({"rows": 6}),
        help_text=_("The customer reads this on the page of their case, as the words you wrote down for them."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Internal note (optional)"), max_length=20000, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("Only colleagues read this: what you noticed, what to heed."),
    )  # fmt: skip
    customer = CodeField(label=_("Customer number"), max_length=20, required=False)
    name = forms.CharField(label=_("Name as given"), max_length=60, required=False)
    phone = PhoneField(label=_("Telephone"), max_length=40, required=False)
    email = MailField(label=_("E-mail"), required=False)
    policy = CodeField(label=_("Policy number"), max_length=30, required=False)
    branch = forms.ModelChoiceField(label=_("Office"), queryset=Branch.objects.order_by("pk"), empty_label=None)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=[("", _("Default for the service")), *Priority.choices], coerce=int,
        empty_value=None, required=False,
    )  # fmt: skip
    files = ManyFilesField(label=_("Files"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("key", uuid4())
        if self.by and self.by.team_id:
            self.initial.setdefault("branch", self.by.team.branch_id)
        channels = [(channel.code, channel.label) for channel in taken_down_by_staff()]
        self.fields["channel"].choices = channels
        self.initial.setdefault("channel", USUAL_CHANNEL.get(self.by.post if self.by else "", channels[0][0]))
        services = services_by_kind(self.fields["service"].queryset, self.by)
        self.fields["service"].choices = [("", gettext("Please choose")), *services]

    def clean_customer(self) -> Customer | None:
        number = self.cleaned_data["customer"].strip().upper()
        if not number:
            return None
        found = Customer.objects.visible_to(self.by).standing().filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("No customer has this number."))
        return found

    def clean_policy(self) -> Policy | None:
        return found_policy(self.cleaned_data["policy"], self.by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_role(cleaned.get("customer"), cleaned.get("policy"))
        if not self.errors and not cleaned.get("customer") and not cleaned.get("name"):
            self.add_error("name", _("Please choose the customer, or write down the name as given."))
        return cleaned
