"""Forms of customers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouxin.core.form_fields import BirthField, CodeField, DayField, LastDayField, MailField, PhoneField
from shouxin.core.incoming import normal
from shouxin.core.phones import FEWEST_DIGITS, phone_digits
from shouxin.core.versions import Versioned
from shouxin.customers.erasure import REASONS as REASONS_TO_ERASE
from shouxin.customers.erasure import REFERENCE
from shouxin.customers.models import CareNote, Consent, ContactPoint, Customer, Representative
from shouxin.jurisdictions.packs import pack

REASONS = [
    ("identity", _("To verify who is asking")),
    ("callback", _("To call or write back")),
    ("correction", _("To correct a detail")),
    ("case", _("To work on a case")),
    ("investigation", _("To investigate a complaint")),
    ("other", _("Another reason (please specify)")),
]
LANGUAGES = [("zh-hant", "繁體中文"), ("zh-hans", "简体中文"), ("en", "English")]


class CustomerForm(forms.ModelForm):
    """Who somebody is. A number that its jurisdiction does not know must be said to be another document."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    is_other_document = forms.BooleanField(
        label=_("This is the number of a passport or another document"), required=False
    )

    class Meta:
        model = Customer
        fields = ["kind", "name", "id_number", "birth_on", "gender", "language"]
        field_classes = {"id_number": CodeField, "birth_on": BirthField}

    def __init__(self, *args, jurisdiction: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.jurisdiction = jurisdiction

    def clean_id_number(self) -> str:
        return self.cleaned_data["id_number"].strip().upper()

    def clean(self) -> dict:
        told = super().clean()
        number, is_other = told.get("id_number"), told.pop("is_other_document", False)
        if number and not is_other and self.jurisdiction and not pack(self.jurisdiction).is_valid_identity(number):
            self.add_error(
                "id_number",
                _(
                    "The check digit of this number is wrong. Please check the number, or tick the box if it is "
                    "of another document."
                ),
            )
        return told


class DetailsForm(Versioned, CustomerForm):
    """Correcting somebody known: what is masked is not shown here either, and stays unless it is typed anew."""

    MASKED = ("id_number", "birth_on")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.known = {name: getattr(self.instance, name) for name in self.MASKED}
        for name in self.MASKED:
            self.initial[name] = None
            self.fields[name].help_text = _("Masked. Leave empty to keep the current value.")

    def clean(self) -> dict:
        told = super().clean()
        return told | {name: self.known[name] for name in self.MASKED if name in told and not told[name]}


class RegisterForm(CustomerForm):
    """A new customer with the first ways to reach him."""

    phone = PhoneField(label=_("Telephone"), max_length=40, required=False)
    email = MailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    is_someone_else = forms.BooleanField(label=_("A different customer: register anyway"), required=False)

    def contacts(self) -> tuple[tuple[str, str], ...]:
        told = self.cleaned_data
        return tuple((kind, told[kind]) for kind in ("phone", "email", "address") if told.get(kind))


class ShowForm(forms.Form):
    reason = forms.ChoiceField(label=_("What for?"), choices=REASONS)
    note = forms.CharField(label=_("Details"), max_length=200, required=False)

    def clean(self) -> dict:
        if self.cleaned_data.get("reason") == "other" and not self.cleaned_data.get("note"):
            self.add_error("note", _("One step left: please write what this is for. The customer can read it."))
        return self.cleaned_data


class ContactForm(forms.ModelForm):
    class Meta:
        model = ContactPoint
        fields = ["kind", "value", "is_preferred"]

    def clean(self) -> dict:
        told = super().clean()
        kind, value = told.get("kind"), told.get("value", "")
        if kind in {ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL}:
            told["value"] = value = normal(value)
        if kind == ContactPoint.Kind.EMAIL and value:
            try:
                forms.EmailField().clean(value)
            except forms.ValidationError as problem:
                self.add_error("value", problem)
        if kind == ContactPoint.Kind.PHONE and len(phone_digits(value)) < FEWEST_DIGITS:
            self.add_error("value", _("A telephone number has at least seven digits."))
        return told


class CareForm(forms.ModelForm):
    class Meta:
        model = CareNote
        fields = ["kind", "text", "until_on"]
        labels = {"until_on": _("Until")}
        field_classes = {"until_on": LastDayField}


class OtherCustomerField(CodeField):
    """Another customer, by number."""

    def clean(self, value: str) -> Customer | None:
        number = super().clean(value).strip().upper()
        if not number:
            return None
        found = Customer.objects.standing().filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer with this number."))
        return found


class MergeForm(forms.Form):
    into = OtherCustomerField(label=_("Number of the customer to keep"), max_length=20)
    reason = forms.CharField(label=_("How do you know they are the same customer?"), max_length=200)


class PartForm(forms.Form):
    reason = forms.CharField(label=_("Why are they different customers?"), max_length=200)


class AuthorityForm(forms.ModelForm):
    representative = OtherCustomerField(label=_("Customer number of the representative"), max_length=20)

    class Meta:
        model = Representative
        fields = ["representative", "scope", "from_on", "until_on", "document"]
        field_classes = {"from_on": DayField, "until_on": LastDayField}

    def clean(self) -> dict:
        told = super().clean()
        if told.get("from_on") and told.get("until_on") and told["until_on"] < told["from_on"]:
            self.add_error("until_on", _("The last day is before the first day."))
        return told


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Consent.Purpose.choices)
    channel = forms.CharField(label=_("Obtained by"), max_length=20)


class ErasureForm(forms.Form):
    """Why, and the number typed once more: nobody erases by a slip."""

    reason = forms.ChoiceField(label=_("Why is it erased?"), choices=[("", "—"), *REASONS_TO_ERASE.items()])
    reference = forms.CharField(
        label=_("File number of the request"), required=False, max_length=60,
        help_text=_("Letters and digits only; it stays in the record, so it names nobody."),
    )  # fmt: skip
    typed = forms.CharField(label=_("Type the customer number to confirm"), max_length=20)

    def __init__(self, *args, number: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["typed"].widget.attrs["autocomplete"] = "off"

    def clean_reference(self) -> str:
        text = self.cleaned_data["reference"].strip()
        if text and not REFERENCE.fullmatch(text):
            raise forms.ValidationError(_("Please use letters and digits only, such as 2026-PDPA-014."))
        return text

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"].strip().upper() != self.number.upper():
            text = _("This is not the number of this customer: %(number)s.")
            raise forms.ValidationError(text, params={"number": self.number})
        return self.number

    def said(self) -> dict[str, str]:
        """Why, as the action takes it."""
        return {name: self.cleaned_data[name] for name in ("reason", "reference")}
