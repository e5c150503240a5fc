"""Answers of views: a page, a piece of it, or the way back."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page; or only `part` of it when htmx asks for that piece."""
    wants_part = bool(part and getattr(request, "htmx", False) and not request.htmx.boosted)
    response = render(request, part if wants_part else template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def part(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200):
    """One piece of a page, as a bad form (422) or a changed row answers."""
    response = render(request, template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def stands_on(request: HttpRequest) -> str | None:
    """The page the browser says it shows; an address that is none is no page."""
    try:
        return request.htmx.current_url_abs_path
    except ValueError:
        return None


def back(request: HttpRequest, url: str) -> HttpResponse:
    """Done: go on at `url`. 303, so that a reload does not post again."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        if url.partition("#")[0] == stands_on(request):
            response["HX-Refresh"] = "true"  # to the same page with a fragment a browser only scrolls
        else:
            response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url, status=303)


def download(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that hands out a file: nobody is led there."""
    view.is_download = True
    return view


def page_above(path: str) -> str:
    """The nearest address above this one that is a page: it holds the form that sends to an address for POST alone."""
    parts = path.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:count])}/"
        with suppress(Resolver404):
            if not getattr(resolve(above).func, "is_download", False):
                return above
    return "/"
