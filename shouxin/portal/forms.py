"""The customer's forms: few questions, kind errors, nothing typed is lost."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouxin.cases.models import Service
from shouxin.core.fields import ManyFilesField
from shouxin.core.files import Stored, store
from shouxin.core.form_fields import CodeField, MailField, PhoneField
from shouxin.core.guards import Refused
from shouxin.policies.models import Policy, number_key
from shouxin.portal.wishes import services_online, wishes_offered

MAX_FILES = 5
LEADS_ELSEWHERE = re.compile(r"[/\\@<>]|www\.|[a-z0-9-]{2,63}\.[a-z]{2,24}\b", re.IGNORECASE)


def files_field(label: str) -> ManyFilesField:
    """Up to five files; each is checked again by the action that stores it."""
    return ManyFilesField(
        label=label, required=False, most=MAX_FILES,
        help_text=_("PDF, photo, text, Word (docx) or Excel (xlsx), up to 15 MB each."),
        error_messages={"most": _("At most five files at a time; please send the others afterwards.")},
    )  # fmt: skip


class FilesForm(forms.Form):
    """A form with files; the browser forgets them when a form comes back, so it is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    @property
    def must_choose_files_again(self) -> bool:
        return bool(self.errors and self.files.getlist("files")) if self.is_bound and self.files else False

    def stored_files(self) -> tuple[Stored, ...]:
        """The files, kept. What can't be taken is told at the field; ask `is_valid()` afterwards."""
        kept = []
        for file in self.cleaned_data["files"]:
            try:
                kept.append(store(file.read(), file.name))
            except Refused as refusal:
                self.add_error("files", _("“%(name)s”: %(why)s") % {"name": file.name[:60], "why": refusal})
        return tuple(kept)


class RequestForm(FilesForm):
    """A request without an account."""

    service = forms.ChoiceField(label=_("What is it about?"))
    subject = forms.CharField(label=_("Subject, in one line"), max_length=100)
    body = forms.CharField(
        label=_("What happened, and what would you like us to do?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    name = forms.CharField(label=_("Your name"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    phone = PhoneField(
        label=_("Telephone"), max_length=30, required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("We will only call about this matter."),
    )  # fmt: skip
    email = MailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We will send the link for following your case here."),
    )  # fmt: skip
    policy_number = CodeField(
        label=_("Policy number (if you have it)"), max_length=30, required=False,
        help_text=_("For example QL-10000007. You can send the request without it."),
    )  # fmt: skip
    files = files_field(_("Files or photos (optional)"))
    key = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", _("Please choose")), *wishes_offered()]
        self.initial.setdefault("key", uuid.uuid4())

    def clean_service(self) -> Service:
        return services_online()[self.cleaned_data["service"]]

    def clean_name(self) -> str:
        """A name stands in mail that we send: one that leads somewhere else is none."""
        name = self.cleaned_data["name"].strip()
        if LEADS_ELSEWHERE.search(name):
            raise forms.ValidationError(_("Please write your name only, without an address or link."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error("phone", _("Please give a telephone number or an e-mail address, so that we can answer."))
        return cleaned

    def policy(self) -> Policy | None:
        """The policy of the number given; an unknown number is kept in the words, not refused."""
        key = number_key(self.cleaned_data.get("policy_number", ""))
        return Policy.objects.select_related("product", "branch").filter(number_key=key).first() if key else None

    @property
    def is_from_a_machine(self) -> bool:
        """The field that people do not see was filled in."""
        return bool(self.cleaned_data.get("website"))


class UnlockForm(forms.Form):
    answer = CodeField(max_length=80, widget=forms.TextInput({"autocomplete": "off"}))


class MessageForm(FilesForm):
    """More words, or papers, to a case that is under way."""

    body = forms.CharField(
        label=_("What you would like to add"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    files = files_field(_("Choose files or take a photo"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("body") or cleaned.get("files")):
            self.add_error("body", _("Write a few words or choose a file, then send."))
        return cleaned


class RenewalForm(forms.Form):
    reason = forms.CharField(label=_("Why it is replaced"), max_length=200)


class FindForm(forms.Form):
    """Where a customer who lost the link asks for it again."""

    number = CodeField(label=_("Case number"), max_length=20)
    email = MailField(label=_("E-mail"))
