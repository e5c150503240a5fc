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
from shouxin.core.guards import Refused
from shouxin.core.pages import back, page
from shouxin.core.rights import needs
from shouxin.people.models import Staff


@needs(DIRECT)
def handovers(request: HttpRequest, account: str) -> HttpResponse:
    """Everything somebody left behind, with whom it is proposed to go to."""
    leaver = get_object_or_404(Staff.objects.select_related("team__branch"), account=account)
    form = LeaverForm(
        request.POST or None, plan=proposed(leaver, request.user), able=receivers(leaver),
        reason=_("%(name)s is leaving") % {"name": leaver.name},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _handed_over(request, form):
        return back(request, reverse("cases:list"))
    context = {"leaver": leaver, "form": form, "others": leavers(request.user)}
    return page(request, "cases/leaver.html", context, status=422 if form.errors else 200)


def _handed_over(request: HttpRequest, form: forms.Form) -> bool:
    try:
        count = actions.hand_over_all(form.chosen(), by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("%(count)d cases have been handed over.") % {"count": count})
    return True
