"""The page of a complaint: one step after the other, each its own form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouxin.cases.queries import visible_to as visible_cases
from shouxin.complaints import actions, ending, joining, queries
from shouxin.complaints.forms import (
    CauseForm,
    ClassifyForm,
    DecisionForm,
    FindingsForm,
    InvestigatorForm,
    JoiningForm,
    TargetForm,
)  # fmt: skip
from shouxin.complaints.letters.composing import letter_as_sent, render_letter
from shouxin.complaints.models import Complaint
from shouxin.complaints.rules import DECIDE, HANDLE
from shouxin.core.clock import now
from shouxin.core.files import FileDamaged
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import needs


def _complaint_or_404(request: HttpRequest, number: str) -> Complaint:
    """The complaint of a case this person may see; made when the worker has not come to it yet."""
    case = get_object_or_404(visible_cases(request.user).with_people(), number=number)
    if actions.is_dispute(case) and queries.complaint_for(case) is None:
        actions.ensure_complaint(case)
    return get_object_or_404(queries.visible_to(request.user), case=case)


def _forms(complaint: Complaint) -> dict[str, forms.Form]:
    signed = actions.findings_of(complaint)
    return {
        "line_form": ClassifyForm(complaint=complaint, initial=dict.fromkeys(queries.said_before(complaint), True)),
        "target_form": TargetForm(complaint=complaint),
        "investigator_form": InvestigatorForm(complaint=complaint),
        "findings_form": FindingsForm(complaint=complaint),
        "decision_form": DecisionForm(
            initial=_decided(complaint), complaint=complaint, is_signed=signed is not None
        ),
        "cause_form": CauseForm(complaint=complaint), "joining_form": JoiningForm(),
    }  # fmt: skip


def _decided(complaint: Complaint) -> dict[str, Any]:
    """The decision that counts; before there is one, what the investigator found."""
    signed = actions.findings_of(complaint)
    return DecisionForm.said(actions.decision_of(complaint)) or ({"findings": signed.text} if signed else {})


def _page(request: HttpRequest, complaint: Complaint, status: int = 200, **filled: Any) -> HttpResponse:
    decision = actions.decision_of(complaint)
    about = {
        "complaint": complaint, "case": complaint.case, "decision": decision,
        "is_sent": decision is not None and decision.letters.exists(),
        "signed": actions.findings_of(complaint), "is_investigator": complaint.investigator_id == request.user.pk,
        "joined": queries.joined_to_earlier(complaint.case),
        # The step that is next stands open.
        "opens_joining": "joining" in request.GET or "joining_form" in filled,
        "opens_investigator": complaint.investigator is None or "investigator_form" in filled,
        "opens_decision": (complaint.investigator is not None and decision is None) or "decision_form" in filled,
    }  # fmt: skip
    return page(request, "complaints/complaint.html", {**about, **_forms(complaint), **filled}, status=status)


@needs(HANDLE)
@require_GET
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands and what is the next step."""
    return _page(request, _complaint_or_404(request, number))


def _step(request: HttpRequest, number: str, name: str, form: forms.Form, act: Callable) -> HttpResponse:
    """One step: a bad form shows the page again with it, a refusal is told beside it, success goes on."""
    found = _complaint_or_404(request, number)
    if not form.is_valid():
        return _page(request, found, 422, **{name: form})
    try:
        act(found)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, 422, **{name: form})
    messages.success(request, _("Saved."))
    return back(request, reverse("complaints:complaint", args=[number]))


@needs(HANDLE)
@require_POST
def line(request: HttpRequest, number: str) -> HttpResponse:
    """Complaint, enquiry or claim."""
    form = ClassifyForm(request.POST, complaint=_complaint_or_404(request, number))
    return _step(
        request, number, "line_form", form, lambda c: actions.classify(c, by=request.user, answers=form.answers())
    )


@needs(HANDLE)
@require_POST
def joined(request: HttpRequest, number: str) -> HttpResponse:
    """Not the same as the earlier one, or the same with new facts."""
    form = JoiningForm(request.POST)

    def tell(found: Complaint) -> None:
        act = joining.separate if form.cleaned_data["what"] == form.SEPARATE else joining.bring_new_facts
        act(found.case, by=request.user, reason=form.cleaned_data["reason"])

    return _step(request, number, "joining_form", form, tell)


@needs(HANDLE)
@require_POST
def target(request: HttpRequest, number: str) -> HttpResponse:
    """Whom or what it is against."""
    form = TargetForm(request.POST, complaint=_complaint_or_404(request, number))
    return _step(request, number, "target_form", form, lambda c: actions.aim(c, by=request.user, target=form.target()))


@needs(HANDLE)
@require_POST
def investigator(request: HttpRequest, number: str) -> HttpResponse:
    """Who looks into it."""
    form = InvestigatorForm(request.POST, complaint=_complaint_or_404(request, number))

    def appoint(found: Complaint) -> None:
        actions.appoint(found, by=request.user, investigator=form.cleaned_data["investigator"])

    return _step(request, number, "investigator_form", form, appoint)


@needs(HANDLE)
@require_POST
def findings(request: HttpRequest, number: str) -> HttpResponse:
    """What the investigator found, signed."""
    form = FindingsForm(request.POST, complaint=_complaint_or_404(request, number))
    return _step(
        request, number, "findings_form", form,
        lambda c: actions.sign_findings(c, by=request.user, **form.cleaned_data),
    )  # fmt: skip


@needs(DECIDE)
@require_POST
def decision(request: HttpRequest, number: str) -> HttpResponse:
    """What is decided, and why."""
    found = _complaint_or_404(request, number)
    form = DecisionForm(request.POST, complaint=found, is_signed=actions.findings_of(found) is not None)

    def decide(found: Complaint) -> None:
        actions.decide(
            found, by=request.user, verdict=form.verdict(), redress=form.redress(), seen=form.cleaned_data["seen"] or 0
        )

    return _step(request, number, "decision_form", form, decide)


@needs(HANDLE)
@require_POST
def cause(request: HttpRequest, number: str) -> HttpResponse:
    """Why it came to this."""
    form = CauseForm(request.POST, complaint=_complaint_or_404(request, number))
    return _step(
        request, number, "cause_form", form,
        lambda c: actions.find_cause(c, by=request.user, cause=form.cleaned_data["cause"]),
    )  # fmt: skip


@needs(DECIDE)
@require_POST
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """Send the final letter."""
    form = forms.Form(request.POST)
    return _step(request, number, "letter_form", form, lambda c: ending.send_final_letter(c, by=request.user))


@needs(HANDLE)
@require_GET
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """The letter as it would be sent now, to be read before it is."""
    decided = actions.decision_of(_complaint_or_404(request, number))
    if decided is None:
        raise Refused(_("One step left: the decision. The letter says what was found and why."))
    return _pdf(number, render_letter(decided, at=now()))


@needs(HANDLE)
@require_GET
def sent_letter(request: HttpRequest, number: str, key: int) -> HttpResponse:
    """A final letter as it was sent."""
    found = get_object_or_404(_complaint_or_404(request, number).letters.select_related("decision__by"), pk=key)
    try:
        return _pdf(number, letter_as_sent(found))
    except FileDamaged as damage:
        raise Http404 from damage


def _pdf(number: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response
