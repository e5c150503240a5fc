"""One key, one content: a form is done once, and its key never answers for other words.

Every form that changes something carries a key that its page was given (`{% form_key %}` in a template, or a hidden
field `key` of the form). `@needs`, `@any_staff` and `@public` see to the rest, so that no view can forget it:

- without a key nothing is done, and a page (422) gives the words back with a fresh key;
- the same key with the same content gets the first answer again; with other content it is refused (409).

A view that differs says so, right above its `def`:

- `@repeatable(why)`: needs no key, as a second sending changes nothing, or each sending counts (a wrong password);
- `@once_if_keyed(why)`: the state of the thing refuses a second sending; with a key it is answered alike;
- `@key_kept(where)`: the action keeps the key with `digest_of(...)` in a row of its own and calls `check_same`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
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


class KeyMissing(Exception):
    """The form came without a key, so that nobody could tell whether it came before: nothing is done."""


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


def one_at_a_time(*what: Any) -> None:
    """Wait until no other transaction does the same for this; held until the transaction ends.

    For what no constraint of a table can refuse: the same form twice at once, the same person registered twice.
    """
    name = json.dumps(what, ensure_ascii=False, default=str)
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def repeatable(why: str) -> Callable[[View], View]:
    """Needs no key: a second sending changes nothing, or each sending counts."""
    return _marked("repeatable", why)


def once_if_keyed(why: str) -> Callable[[View], View]:
    """Does without a key: the state of the thing refuses a second sending."""
    return _marked("once if keyed", why)


def key_kept(where: str) -> Callable[[View], View]:
    """The action itself keeps the key in a row of its own."""
    return _marked("kept", where)


def _marked(how: str, why: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.sending = (how, why)
        return view

    return mark


def once(view: View) -> View:
    """Do what this form asks once, in one transaction with its key.

    An answer of 400 and more undoes everything; a page (200), which leads nowhere yet, leaves the key unused.
    """
    how, _why = getattr(view, "sending", ("once", ""))

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or how == "repeatable":
            return view(request, *args, **kwargs)
        key = _key_of(request)
        if key is None and how != "once if keyed":
            raise KeyMissing
        if key is None or how == "kept":
            return view(request, *args, **kwargs)
        return _done_once(request, key, lambda: view(request, *args, **kwargs))

    return answered


def _done_once(request: HttpRequest, key: UUID, do: Callable[[], HttpResponse]) -> HttpResponse:
    digest = digest_of(request.path, str(request.user.pk), list(_content(request)))
    request.is_undone = True  # until the transaction is committed: whatever fails before that changed nothing
    with transaction.atomic():
        # The first hook: one of a room that fails afterwards undoes nothing.
        transaction.on_commit(lambda: setattr(request, "is_undone", False))
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [key, digest, now()])
            if not cursor.rowcount:
                return _again(request, key, digest)
        response = do()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif response.status_code == 200:
            Submission.objects.filter(pk=key).delete()
        else:
            Submission.objects.filter(pk=key).update(location=_location(request, response))
    request.is_undone = response.status_code >= 400
    return response


def _key_of(request: HttpRequest) -> UUID | None:
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
            yield name, digest_of(file.name, sum_of(file))


def sum_of(file: UploadedFile) -> str:
    """The checksum of a file that was sent, which is read again from its beginning afterwards."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _location(request: HttpRequest, response: HttpResponse) -> str:
    """Where the answer leads to."""
    found = response.headers.get("Location") or response.headers.get("HX-Redirect")
    return found or (stands_on(request) if request.htmx else "") or "/"


def _again(request: HttpRequest, key: UUID, digest: str) -> HttpResponse:
    first = Submission.objects.get(pk=key)
    check_same(first.digest, digest)
    return back(request, first.location)
