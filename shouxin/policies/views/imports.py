"""The import of policies has its page among the other imports; its old address leads there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from shouxin.core.rights import needs
from shouxin.policies.rules import IMPORT_POLICIES


@needs(IMPORT_POLICIES)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    return redirect("tables:imports", "policies")
