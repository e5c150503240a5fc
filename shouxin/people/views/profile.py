"""One's own page: language, light or dark, density, keyboard, mails; who stands in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouxin.core.pages import back, page
from shouxin.core.rights import any_staff
from shouxin.people import actions
from shouxin.people.forms import DeputyForm, ProfileForm
from shouxin.people.models import Deputy, Staff


@any_staff
def profile(request: HttpRequest) -> HttpResponse:
    """What I may set for myself."""
    staff = Staff.objects.select_related("team__branch").get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=staff)
    if request.method == "POST" and form.is_valid():
        actions.change(staff, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return back(request, request.path)
    context = {"form": form, "staff": staff, "deputy_form": DeputyForm(staff=staff), "deputies": _deputies(staff)}
    return page(request, "people/profile.html", context, status=422 if form.errors else 200)


@any_staff
@require_POST
def deputies(request: HttpRequest) -> HttpResponse:
    """Name who stands in for me."""
    staff = request.user
    form = DeputyForm(request.POST, staff=staff)
    if form.is_valid():
        actions.name_deputy(staff, by=staff, **form.cleaned_data)
        messages.success(request, _("Your deputy has been named."))
        return back(request, "/profile/")
    context = {"form": ProfileForm(instance=staff), "staff": staff, "deputy_form": form, "deputies": _deputies(staff)}
    return page(request, "people/profile.html", context, status=422)


@any_staff
@require_POST
def deputy_release(request: HttpRequest, key: int) -> HttpResponse:
    """Take a span back."""
    row = get_object_or_404(Deputy.objects.select_related("staff__team__branch", "deputy"), pk=key, staff=request.user)
    actions.release_deputy(row, by=request.user)
    return back(request, "/profile/")


def _deputies(staff: Staff):
    return Deputy.objects.filter(staff=staff).select_related("deputy").order_by("-from_on", "-pk")[:20]
