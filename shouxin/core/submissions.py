"""One key, one content: a form is done once, and its key never answers for other words.

Every form that changes something carries a key that its page was given (`core.fields.KeyField`, or `{% load keys %}
{% form_key %}` in a plain form). Its view says `@once`::

    @needs(SERVE)
    @require_POST
    @once
    def closure(request, number): ...

The same key with the same content gets the first answer again; with other content it is refused (409) on a page that
keeps what was typed. Actions that take a `key` themselves keep `digest_of(...)` in their row and call `check_same`.
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from shouxin.core.clock import now
from shouxin.core.models import Submission
from shouxin.core.pages import back, stands_on

View = Callable[..., HttpResponse]
# What is no part of the content: it differs from one sending of the same form to the next, or says nothing.
ASIDE = {"csrfmiddlewaretoken", "key"}
_CLAIM = "INSERT INTO core_submission (key, digest, location, at) VALUES (%s, %s, '', %s) ON CONFLICT DO NOTHING"


class KeyReused(Exception):
    """This key came before, with other content: nothing is done, and nothing of the first is shown."""


def digest_of(*content: Any) -> str:
    """A keyed digest of what was sent, so that the words can't be guessed from it."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return salted_hmac("shouxin.core.submissions", plain, algorithm="sha256").hexdigest()


def check_same(known: str, digest: str) -> None:
    """Go on only if this is the content that the key stands for."""
    if not constant_time_compare(known, digest):
        raise KeyReused


def once(view: View) -> View:
    """Do what this form asks once, in one transaction with its key; an answer of 400 and more leaves the key unused."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key_of(request)
        if key is None:
            return view(request, *args, **kwargs)
        digest = digest_of(request.path, str(request.user.pk), list(_content(request)))
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_CLAIM, [key, digest, now()])
                if not cursor.rowcount:
                    return _again(request, key, digest)
            response = view(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                Submission.objects.filter(pk=key).update(location=_location(request, response))
        return response

    return answered


def _key_of(request: HttpRequest) -> UUID | None:
    if request.method != "POST":
        return None
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _content(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    for name, values in sorted(request.POST.lists()):
        if name not in ASIDE:
            yield name, values
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield name, digest_of(file.name, file.read().hex())
            file.seek(0)


def _location(request: HttpRequest, response: HttpResponse) -> str:
    """Where the answer leads to."""
    found = response.headers.get("Location") or response.headers.get("HX-Redirect")
    return found or (stands_on(request) if request.htmx else "") or "/"


def _again(request: HttpRequest, key: UUID, digest: str) -> HttpResponse:
    first = Submission.objects.get(pk=key)
    check_same(first.digest, digest)
    return back(request, first.location)
