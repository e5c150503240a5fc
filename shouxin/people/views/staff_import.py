"""The list of staff has its page among the other imports; its old address leads there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from shouxin.core.rights import needs
from shouxin.people.rules import MANAGE_STAFF


@needs(MANAGE_STAFF)
@require_safe
def staff_import(request: HttpRequest) -> HttpResponse:
    return redirect("tables:imports", "staff")
