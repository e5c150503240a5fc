"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shouxin.core.navigation import entries_for


def house(request: HttpRequest) -> dict[str, Any]:
    """Theme and density of the reader, the rail's entries, the languages offered."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "theme": getattr(user, "theme", "") if signed_in else "",
        "density": getattr(user, "density", "") if signed_in else "",
        "shortcuts_on": getattr(user, "shortcuts_on", True) if signed_in else False,
        "rail": entries_for(user, request.path) if signed_in else [],
        "languages": settings.LANGUAGES,
    }
