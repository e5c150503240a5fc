"""Every room brings its own `urls.py`; this page only says where each is hung."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

# Rooms whose URLs begin with their own name, and those that say the whole path themselves.
ROOTED = {"front": "", "people": "", "portal": "", "tables": "imports/"}

handler400 = "shouxin.core.views.bad_request"
handler403 = "shouxin.core.views.forbidden"
handler404 = "shouxin.core.views.not_found"
handler500 = "shouxin.core.views.broken"

urlpatterns = [path("", include("shouxin.core.urls"))] + [
    path(ROOTED.get(room, f"{room}/"), include(f"shouxin.{room}.urls"))
    for room in settings.ROOMS
    if f"shouxin.{room}" in settings.INSTALLED_APPS and find_spec(f"shouxin.{room}.urls")
]
