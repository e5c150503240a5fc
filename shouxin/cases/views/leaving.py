"""A leaver's cases go on in one step: the leader sees a proposal, changes it and hands over."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shouxin.cases import actions
from shouxin.cases.forms import LeaverForm
from shouxin.cases.leaving import leavers, proposed, receivers
from shouxin.cases.rights import DIRECT
from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import any_staff, require
from shouxin.people.models import Staff
from shouxin.people.rules import MANAGE_STAFF
from shouxin.people.succession import duties_of, hand_over_duties


@any_staff
def handovers(request: HttpRequest, account: str) -> HttpResponse:
    """Everything somebody leaves behind, cases and duties, with whom it is proposed to go to."""
    leaver = get_object_or_404(Staff.objects.select_related("team__branch"), account=account)
    duties = duties_of(leaver, request.user, day_of(now()))
    require(request.user.has(DIRECT) or request.user.has(MANAGE_STAFF) or bool(duties))
    form = LeaverForm(
        request.POST or None, plan=proposed(leaver, request.user), able=receivers(leaver),
        duties=duties,
        reason=_("%(name)s is leaving") % {"name": leaver.name},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _handed_over(request, leaver, form):
        return back(request, reverse("cases:list"))
    context = {"leaver": leaver, "form": form, "others": leavers(request.user)}
    return page(request, "cases/leaver.html", context, status=422 if form.errors else 200)


def _handed_over(request: HttpRequest, leaver: Staff, form: forms.Form) -> bool:
    try:
        count = actions.hand_over_all(form.chosen(), by=request.user, reason=form.cleaned_data["reason"])
        duties = hand_over_duties(leaver, form.successors(), by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    told = _("Handed over: %(count)d cases, %(duties)d duties.") % {"count": count, "duties": duties}
    messages.success(request, told)
    return True
