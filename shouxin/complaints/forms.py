"""Forms of the complaint's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouxin.complaints.actions import Redress, Target, Verdict, decision_of, findings_of, handling
from shouxin.complaints.importing.mapping import SHIPPED, MappingProblem, decoded, load_mapping, parse_mapping
from shouxin.complaints.models import Against, Cause, Complaint, Decision, Outcome, RedressKind
from shouxin.complaints.queries import said_before
from shouxin.complaints.rules import HANDLE, Answers, why_not_investigator
from shouxin.core.money import currency_name
from shouxin.core.versions import Versioned
from shouxin.jurisdictions.packs import pack, packs
from shouxin.people.models import Agent, Post, Staff
from shouxin.policies.models import Product

MOST_MAPPING = 256 << 10


class StepForm(Versioned, forms.Form):
    """A step of a complaint that may have been taken before: it says at which state it was read."""

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        self.complaint = complaint
        super().__init__(*args, **kwargs)

    def hold(self) -> None:
        with handling(self.complaint, by=None, needs=None, serves=False) as (_work, held):
            self.complaint = held


class ClassifyForm(StepForm):
    """Four plain questions draw the line between complaint, enquiry and claim."""

    LINES = ("is_dissatisfied", "disputes_right", "asks_to_act", "asks_only")
    is_dissatisfied = forms.BooleanField(
        label=_("The customer is dissatisfied with us, a product or one of our people"), required=False
    )
    disputes_right = forms.BooleanField(
        label=_("The customer claims a right: money, a correction, a cancellation"), required=False
    )
    asks_to_act = forms.BooleanField(
        label=_("The customer only asks us to do something, or reports a loss"), required=False
    )
    asks_only = forms.BooleanField(label=_("The customer only asks for information or clarification"), required=False)

    def standing(self) -> dict[str, Any]:
        return {"line": self.complaint.line}

    def _differing(self, told: dict[str, Any]) -> str:
        return self.complaint.get_line_display()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in self.LINES) and said_before(self.complaint):
            raise forms.ValidationError(
                _("Nothing is ticked: choose at least one, or leave it as it was decided before.")
            )
        return cleaned

    def answers(self) -> Answers:
        return Answers(**self.cleaned_data)


class TargetForm(StepForm):
    """Whom it is against; of the four fields below only the one that its kind names is shown (case.css) and read."""

    against_kind = forms.ChoiceField(label=_("Against"), choices=Against.choices)
    product = forms.ModelChoiceField(label=_("Product"), queryset=Product.objects.order_by("name"), required=False)
    post = forms.ChoiceField(label=_("Post"), choices=[("", "—"), *Post.choices], required=False)
    agent = forms.CharField(
        label=_("Agent's number or name"), required=False, help_text=_("An agent who has left can also be named.")
    )
    staff = forms.ModelChoiceField(
        label=_("Member of staff"), queryset=Staff.objects.order_by("name_sort"), required=False
    )

    def clean_agent(self) -> Agent | None:
        text = self.cleaned_data["agent"].strip()
        if not text or self.cleaned_data.get("against_kind") != Against.AGENT:
            return None
        found = list(Agent.objects.filter(number__iexact=text)[:1]) or list(Agent.objects.filter(name=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("There are several agents of this name: give the number.") if found
                else _("No agent has this number or name, departed ones included.")
            )  # fmt: skip
        return found[0]

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, complaint=complaint, initial=self.chosen(complaint), **kwargs)

    def standing(self) -> dict[str, Any]:
        return self.chosen(self.complaint)

    @staticmethod
    def chosen(complaint: Complaint) -> dict[str, Any]:
        """What was chosen before."""
        return {
            "against_kind": complaint.against_kind, "product": complaint.against_product_id,
            "post": complaint.against_post, "staff": complaint.against_staff_id,
            "agent": complaint.against_agent.number if complaint.against_agent else "",
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("against_kind")
        if kind in {"product", "post", "agent", "staff"} and not cleaned.get(kind) and kind not in self.errors:
            self.add_error(kind, _("Say which one."))
        return cleaned

    def target(self) -> Target:
        kind = self.cleaned_data["against_kind"]
        chosen = {kind: self.cleaned_data[kind]} if kind in {"product", "post", "agent", "staff"} else {}
        return Target(kind=kind, **chosen)


class InvestigatorForm(StepForm):
    """Only those who may: neither who handles the case, nor the person complained of, nor who works for them."""

    investigator = forms.ModelChoiceField(label=_("Investigator"), queryset=Staff.objects.none())

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, complaint=complaint, **kwargs)
        staff = Staff.objects.serving().select_related("team").order_by("name_sort")
        fit = [s.pk for s in staff if s.has(HANDLE) and not why_not_investigator(s, complaint)]
        self.fields["investigator"].queryset = staff.filter(pk__in=fit)
        self.fields["investigator"].label_from_instance = lambda s: f"{s.name}（{s.team.name if s.team else '—'}）"

    def standing(self) -> dict[str, Any]:
        return {"investigator": self.complaint.investigator_id}


class FindingsForm(StepForm):
    """What the investigator found; signed by sending it."""

    text = forms.CharField(label=_("What we found"), widget=forms.Textarea(attrs={"rows": 6}), max_length=6000)
    change = forms.CharField(label=_("Why the findings are changed"), max_length=500, required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, complaint=complaint, **kwargs)
        self.initial["text"] = self.stands["text"]

    def standing(self) -> dict[str, Any]:
        signed = findings_of(self.complaint)
        return {"text": signed.text if signed else ""}


def currencies_of(complaint: Complaint) -> list[str]:
    """In which currencies redress is given: that of the place, then those of the policy and of an earlier decision."""
    case, decided = complaint.case, decision_of(complaint)
    known = [
        pack(case.jurisdiction).currency, case.policy.currency if case.policy else "",
        decided.redress_currency if decided else "",
    ]  # fmt: skip
    return list(dict.fromkeys(filter(None, known))) or sorted({each.currency for each in packs()} - {""})


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *Outcome.choices])
    findings = forms.CharField(label=_("What we found"), widget=forms.Textarea(attrs={"rows": 4}), max_length=6000)
    reasons = forms.CharField(
        label=_("Reasons for the decision"), widget=forms.Textarea(attrs={"rows": 4}), max_length=6000
    )
    redress_kind = forms.ChoiceField(label=_("Redress"), choices=RedressKind.choices, initial=RedressKind.NONE)
    amount = forms.DecimalField(label=_("Amount"), required=False, min_value=1, max_digits=12, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    change = forms.CharField(
        label=_("Why the decision is changed"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )
    without = forms.CharField(
        label=_("Why it is decided without the investigator's findings"), widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000, required=False, help_text=_("Needed only while the investigator has signed nothing."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, complaint: Complaint, is_signed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, currency_name(code)) for code in currencies_of(complaint)]
        if is_signed:
            del self.fields["without"]
        if not (self.data.get("seen") if self.is_bound else self.initial.get("seen")):
            del self.fields["change"]  # there is nothing yet to be changed

    @staticmethod
    def said(decision: Decision | None) -> dict[str, Any]:
        """The decision that counts now, to be read and mended."""
        if decision is None:
            return {}
        amount = decision.redress_amount
        return {
            "outcome": decision.outcome, "findings": decision.findings, "reasons": decision.reasons,
            "redress_kind": decision.redress_kind, "amount": amount and f"{amount.normalize():f}",
            "currency": decision.redress_currency, "seen": decision.pk,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("redress_kind") in {RedressKind.PAYMENT, RedressKind.COMPENSATION} and not cleaned.get("amount"):
            self.add_error("amount", _("How much will the customer receive?"))
        return cleaned

    def verdict(self) -> Verdict:
        return Verdict(
            *(self.cleaned_data.get(name, "") for name in ("outcome", "findings", "reasons", "change", "without"))
        )

    def redress(self) -> Redress:
        cleaned = self.cleaned_data
        currency = cleaned["currency"] or self.fields["currency"].choices[0][0]
        return Redress(cleaned["redress_kind"], cleaned["amount"], currency if cleaned["amount"] else "")


class JoiningForm(forms.Form):
    """The same complaint came again: what is new about it."""

    SEPARATE, NEW_FACTS = "separate", "new_facts"
    what = forms.ChoiceField(
        label=_("What is this case?"),
        choices=[
            ("", "—"),
            (SEPARATE, _("A different matter: it gets its own time limit, counted from the day it came in")),
            (
                NEW_FACTS,
                _("The same matter with new facts and reasons: the time limit restarts on the day they came in"),
            ),
        ],
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class CauseForm(StepForm):
    cause = forms.ChoiceField(label=_("Root cause"), choices=[("", "—"), *Cause.choices])

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, complaint=complaint, initial={"cause": complaint.cause}, **kwargs)

    def standing(self) -> dict[str, Any]:
        return {"cause": self.complaint.cause}


class MappingForm(forms.Form):
    """The mapping that says what the columns of a file are: one that is shipped, or one's own."""

    mapping = forms.ChoiceField(label=_("Mapping"), required=False)
    own_mapping = forms.FileField(label=_("Or a mapping of your own (TOML)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = sorted(path.name for path in SHIPPED.glob("*.toml"))
        titles = [(name, load_mapping(name).title) for name in shipped]
        self.fields["mapping"].choices, self.fields["mapping"].initial = [*titles, ("", _("My own"))], shipped[0]

    @staticmethod
    def options(form: forms.Form) -> dict[str, Any]:
        """The mapping's text, as it is kept with the run. Raises ValidationError at its field."""
        file, shipped = form.cleaned_data.get("own_mapping"), form.cleaned_data.get("mapping", "")
        if file is None and not shipped:
            raise forms.ValidationError({"own_mapping": _("Choose a mapping, or upload your own.")})
        name = (file.name if file else shipped).rpartition(".")[0]
        try:
            text = decoded(file.read(MOST_MAPPING) if file else (SHIPPED / shipped).read_bytes())
            parse_mapping(text, name)
        except MappingProblem as problem:
            raise forms.ValidationError({"own_mapping": str(problem)}) from None
        return {"mapping": text, "mapping_name": name}
