"""The import of complaints has its page among the other imports; its old address leads there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from shouxin.complaints.rules import IMPORT
from shouxin.core.rights import needs


@needs(IMPORT)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    return redirect("tables:imports", "complaints")
