"""What officers write into a case. Every form works by itself; what is refused is said beside the field."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouxin.cases.actions.moving import locked
from shouxin.cases.choices import at_a_desk, open_with, services_by_kind, staff_by_team
from shouxin.cases.keeping import REPORT, Kept, Owed, to_settle
from shouxin.cases.leaving import Proposed
from shouxin.cases.models import Case, CaseExclusion, CaseLink, Draft, Priority, Service
from shouxin.cases.queries import checklist, events_for, reasons_to_pause
from shouxin.cases.rules import MATTER_ENDED, ClosingReason, Settled
from shouxin.core.clock import day_of, now, start_of
from shouxin.core.fields import ManyFilesField
from shouxin.core.form_fields import CodeField, ComingField, DayField, MomentField
from shouxin.core.versions import Versioned
from shouxin.customers.models import Customer
from shouxin.jurisdictions.labels import ENDINGS, STARTS
from shouxin.people.models import Staff
from shouxin.people.succession import Duty
from shouxin.policies.models import Policy, number_key
from shouxin.policies.queries import roles_of
from shouxin.promises.given import Given, wordings

REPLY, CALL, MET, NOTE = "reply", "call", "met", "note"
# By which channel what is spoken is said, by its kind.
SPOKEN = {CALL: "phone", MET: "counter"}
# What is chosen besides the words; a draft does not hold it, so it goes along when the composer is shown again.
CHOSEN = ("kind", "caller", "given", "until")
DONE, RELEASED, STAYS = "done", "released", "stays"
LINES = {"rows": 6}
# So long before a case something may have happened that it is about.
EVENT_BEFORE = timedelta(days=3 * 366)


def found_policy(number: str, by: Staff | None) -> Policy | None:
    """The policy of this number; None where no number was given."""
    key = number_key(number)
    if not key:
        return None
    found = Policy.objects.visible_to(by).select_related("product").filter(number_key=key).first()
    if found is None:
        raise forms.ValidationError(_("No policy has this number."))
    return found


class CaseForm(forms.Form):
    """A form about one case, written by one person."""

    def __init__(self, *args: Any, case: Case | None = None, by: Staff | None = None, **kwargs: Any) -> None:
        self.case, self.by = case, by
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the case."""


class ConnectsForm(CaseForm):
    """A form that puts a policy and a customer together: where they have no role in it, it asks before it does."""

    no_role = forms.BooleanField(
        label=_("They have no role in this policy. Connect them all the same."),
        required=False, widget=forms.HiddenInput,
    )  # fmt: skip

    def prepare(self) -> None:
        if self.data.get("no_role"):
            self.fields["no_role"].widget = forms.CheckboxInput()

    def check_role(self, customer: Customer | None, policy: Policy | None) -> None:
        """An error beside the tick, unless the customer is somebody in this policy or it was ticked."""
        is_asked = not self.cleaned_data.pop("no_role", False)
        if customer and policy and is_asked and not roles_of(customer, policy):
            self.fields["no_role"].widget = forms.CheckboxInput()
            told = {"name": customer.name, "policy": policy.number}
            self.add_error("no_role", _("%(name)s has no role in policy %(policy)s. Please check both.") % told)


class TouchForm(CaseForm):
    """The composer: an answer, a call or a talk taken down, or a note among ourselves; perhaps with a promise."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Draft.KINDS, initial=REPLY)
    caller = forms.ChoiceField(
        label=_("Who called"), initial="us", required=False,
        choices=[
            ("us", _("We called")), ("missed", _("We called and did not reach them")),
            ("customer", _("The customer called")),
        ],
    )  # fmt: skip
    body = forms.CharField(label=_("Text"), max_length=20000, widget=forms.Textarea(LINES))
    given = forms.ChoiceField(label=_("Promise at the same time"), required=False)
    until = ComingField(label=_("By when"), required=False)
    keeps = forms.MultipleChoiceField(label=_("This keeps the promise"), required=False)
    files = ManyFilesField(label=_("Files"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        self.initial.setdefault("key", uuid4())
        self.fields["given"].choices = [
            ("", _("No promise")),
            *((code, str(text)) for code, text in wordings().items()),
        ]

    def offer(self, offered: list[Kept], ticked: list[str] | None = None) -> None:
        """The promises this reply may keep; what was ticked stays ticked when the form comes back."""
        self.fields["keeps"].choices = [(each.value, each.title) for each in offered]
        ticked = self.data.getlist("keeps") if self.is_bound else ticked
        self.offered = [
            each if each.is_fixed or ticked is None else replace(each, is_on=each.value in ticked) for each in offered
        ]

    def kept(self) -> dict[str, Any]:
        """What the officer says this reply keeps, as `rules.Answer` takes it; of a talk only what it may keep."""
        said, is_spoken = self.cleaned_data["keeps"], self.cleaned_data["kind"] in SPOKEN
        left = {each.value for each in self.offered if each.is_fixed or (is_spoken and each.is_written)}
        named = tuple(int(each) for each in said if each != REPORT and each not in left)
        return {"keeps": named, "reports": REPORT in said}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("given") and cleaned.get("kind") == NOTE:
            self.add_error("given", _("A note promises the customer nothing: choose reply or call, or no promise."))
        if cleaned.get("given") and not self.errors:
            until: datetime | None = cleaned.get("until")
            if until is None or until <= now():
                self.add_error("until", _("Please give a time; it must be in the future."))
        return cleaned

    def word(self) -> Given | None:
        """What is promised along with the answer."""
        code, until = self.cleaned_data.get("given"), self.cleaned_data.get("until")
        return Given(code, until) if code and until else None


class ReasonForm(CaseForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class OfficerForm(CaseForm):
    to = forms.ModelChoiceField(label=_("Hand over to"), queryset=Staff.objects.none(), empty_label=_("Please choose"))

    def prepare(self) -> None:
        kept_out = CaseExclusion.objects.filter(case=self.case).values("staff")
        able = at_a_desk().exclude(pk=self.case.officer_id or 0).exclude(pk__in=kept_out)
        self.fields["to"].queryset = able = able.select_related("team").order_by("name_sort", "pk")
        first = self.by.team_id if self.by else None
        groups = staff_by_team(able, first=first, load=open_with(able))
        self.fields["to"].choices = [("", gettext("Please choose")), *groups]


class HandOverForm(OfficerForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class LeaverForm(forms.Form):
    """Each case and duty of a leaver with the colleague it goes to; one left empty stays."""

    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(
        self, *args: Any, plan: list[Proposed], able: list[Staff], duties: list[Duty], reason: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.duties, self.plan, self.able = duties, plan, {str(each.pk): each for each in able}
        everybody = {each.pk: each for group in (able, *(duty.able for duty in duties)) for each in group}
        self.load, self.first = open_with(everybody.values()), able[0].team_id if able else None
        self.initial["reason"] = reason
        for each in duties:
            self._add(each.field, each.label, {str(one.pk): one for one in each.able}, each.to)
        for each in plan:
            may = {key: to for key, to in self.able.items() if not each.case.keeps_out(to)}
            self._add(f"to_{each.case.pk}", f"{each.case.number} {each.case.subject}", may, each.to)

    def _add(self, name: str, label: str, able: dict[str, Staff], to: Staff | None) -> None:
        may = staff_by_team(able.values(), first=self.first, load=self.load)
        choices, initial = [("", _("Stays for now")), *may], str(to.pk) if to else ""
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)

    def successors(self) -> dict[str, Staff]:
        """Who takes which duty."""
        able = {str(one.pk): one for each in self.duties for one in each.able}
        return {each.field: able[to] for each in self.duties if (to := self.cleaned_data[each.field])}

    def chosen(self) -> dict[Case, Staff]:
        """Which case goes to whom."""
        told = ((each.case, self.cleaned_data[f"to_{each.case.pk}"]) for each in self.plan)
        return {case: self.able[to] for case, to in told if to}


class ClosureForm(CaseForm):
    """How a case ended, and for each promise still owed what became of it: closing keeps none."""

    template_name = "cases/_closing_fields.html"

    reason = forms.ChoiceField(label=_("How it ended"), choices=[("", _("Please choose")), *ClosingReason.choices])
    remark = forms.CharField(
        label=_("Remark (optional)"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("Colleagues can read this later; the customer cannot."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.owed = to_settle(self.case, now())
        for each in self.owed:
            hows = [(DONE, _("Done, by:"))] if each.done_by else []
            hows += [(RELEASED, _("The customer released us")), (STAYS, _("Not done yet"))]
            self.fields[f"how_{each.id}"] = forms.ChoiceField(choices=hows, required=False, widget=forms.RadioSelect)
            self.fields[f"touch_{each.id}"] = forms.ChoiceField(
                label=_("Reply or call"), choices=[("", _("Please choose")), *each.done_by], required=False
            )
            self.fields[f"at_{each.id}"] = MomentField(label=_("When (if not then)"), required=False)
            self.fields[f"words_{each.id}"] = forms.CharField(
                label=_("What the customer said"), max_length=500, required=False
            )

    def rows(self) -> list[tuple[Owed, Any, Any, Any, Any]]:
        """Each promise with its fields, for the template."""
        return [(each, *(self[f"{name}_{each.id}"] for name in ("how", "touch", "words", "at"))) for each in self.owed]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_over = cleaned.get("reason") in MATTER_ENDED
        for each in () if is_over else self.owed:
            self._check(each, cleaned)
        return cleaned

    def _check(self, each: Owed, cleaned: dict[str, Any]) -> None:
        how = cleaned.get(f"how_{each.id}")
        if not how:
            self.add_error(f"how_{each.id}", _("Please say what became of this promise."))
        elif how == STAYS:
            self.add_error(f"how_{each.id}", _("While this is owed the case stays open."))
        elif how == DONE and not cleaned.get(f"touch_{each.id}"):
            self.add_error(f"touch_{each.id}", _("Please choose the reply or call by which it was done."))
        elif how == RELEASED and not cleaned.get(f"words_{each.id}"):
            self.add_error(f"words_{each.id}", _("Please write down what the customer said."))

    def settled(self) -> tuple[Settled, ...]:
        """What became of each, as `close` takes it."""
        said = self.cleaned_data
        return tuple(
            Settled(
                promise=each.id, at=said[f"at_{each.id}"],
                touch=int(said[f"touch_{each.id}"]) if said[f"how_{each.id}"] == DONE else None,
                words=said[f"words_{each.id}"],
            )
            for each in self.owed if said.get(f"how_{each.id}") in (DONE, RELEASED)
        )  # fmt: skip


class EventForm(CaseForm):
    """What happened in the case, and when: terms of law count from it or end with it."""

    event = forms.ChoiceField(label=_("What happened"))
    on = DayField(label=_("On which day"))
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        names = STARTS | ENDINGS
        choices = [(code, gettext(names[code])) for code in events_for(self.case)]
        self.fields["event"].choices = [("", gettext("Please choose")), *choices]
        self.initial.setdefault("on", day_of(now()))
        self.initial.setdefault("key", uuid4())

    def clean_on(self) -> date:
        if (day := self.cleaned_data["on"]) > day_of(now()):
            raise forms.ValidationError(_("This lies in the future. Please record it once it has happened."))
        if day < day_of(self.case.opened_at) - EVENT_BEFORE:
            raise forms.ValidationError(_("This lies too long before the case. Please check the day."))
        return day

    def at(self) -> datetime:
        """Now, if it was today; else noon of that day: terms of days count from the day."""
        day = self.cleaned_data["on"]
        return now() if day == day_of(now()) else start_of(day) + timedelta(hours=12)


class PauseForm(CaseForm):
    reason = forms.ChoiceField(label=_("Why the clock is paused"))
    waiting_for = forms.CharField(label=_("Who or what we are waiting for"), max_length=120)

    def prepare(self) -> None:
        self.fields["reason"].choices = reasons_to_pause(self.case)


class PapersForm(CaseForm):
    """One complete request for all that is missing."""

    papers = forms.MultipleChoiceField(label=_("What is missing"), required=False, widget=forms.CheckboxSelectMultiple)
    more = forms.CharField(
        label=_("Others, one per line"), required=False, max_length=600, widget=forms.Textarea({"rows": 2})
    )
    body = forms.CharField(
        label=_("Message to the customer"), max_length=8000, widget=forms.Textarea({"rows": 5}),
        help_text=_("The documents you choose are listed below your message."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Why documents are requested again"), max_length=300, required=False,
        help_text=_("Needed only if we have asked before."),
    )  # fmt: skip

    def prepare(self) -> None:
        awaited = [paper for paper in checklist(self.case) if paper.is_awaited]
        self.fields["papers"].choices = [
            (each.code, each.title if each.is_missing else gettext("%(paper)s (if it applies)") % {"paper": each.title})
            for each in awaited
        ]
        self.initial.setdefault("papers", [each.code for each in awaited if each.is_missing])

    def chosen(self) -> list[str]:
        return [*self.cleaned_data["papers"], *self.cleaned_data["more"].splitlines()]


class LinkForm(CaseForm):
    number = CodeField(label=_("Case number"), max_length=20)
    kind = forms.ChoiceField(label=_("How they are related"), choices=CaseLink.Kind.choices)


class TagForm(CaseForm):
    name = forms.CharField(label=_("Tag"), max_length=40)


class KindForm(Versioned, ConnectsForm):
    """Another kind of request than we thought, or more or less urgent."""

    service = forms.ModelChoiceField(label=_("Service"), queryset=Service.objects.offered(), empty_label=None)
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    policy = CodeField(label=_("Policy number"), max_length=30, required=False)

    def clean_policy(self) -> Policy | None:
        return found_policy(self.cleaned_data["policy"], self.by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        policy = cleaned.get("policy")
        self.check_role(self.case.customer, policy if policy and policy.pk != self.case.policy_id else None)
        return cleaned

    def standing(self) -> dict[str, Any]:
        return {"service": self.case.service_id, "priority": self.case.priority, "policy": self.case.policy_id}

    def hold(self) -> None:
        self.case = locked(self.case)

    def shown(self, name: str, value: Any) -> Any:
        return self._number() if name == "policy" else value

    def _number(self) -> str:
        return self.case.policy.number if self.case.policy_id else ""

    def prepare(self) -> None:
        super().prepare()
        self.initial |= self.standing() | {"policy": self._number()}
        self.fields["service"].queryset |= Service.objects.filter(pk=self.case.service_id)  # perhaps switched off since
        self.fields["service"].choices = services_by_kind(self.fields["service"].queryset, self.by)


class WhoForm(ConnectsForm):
    """Who asks, and how we know."""

    customer = CodeField(label=_("Customer number"), max_length=20)
    reason = forms.CharField(label=_("How verified"), max_length=300, initial=_("Checked three details by telephone"))

    def clean_customer(self) -> Customer:
        number = self.cleaned_data["customer"].strip().upper()
        found = Customer.objects.visible_to(self.by).standing().filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("No customer has this number."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.check_role(cleaned.get("customer"), self.case.policy)
        return cleaned


class ViewForm(forms.Form):
    """A way of looking at the desk, kept under a name."""

    name = forms.CharField(label=_("Name of this view"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
