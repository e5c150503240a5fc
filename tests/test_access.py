"""Who may open which page: every view says it once, and every post is tried at every page."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.test import Client as DjangoClient
from django.urls import URLPattern, URLResolver, get_resolver

from shouxin.core.rights import Right
from shouxin.people.models import Function, Post, Staff
from tests.sending import Client

SAMPLES = {"int": "0", "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        else:
            yield route, entry


def _pages() -> list[tuple[str, URLPattern]]:
    """(route, pattern) of all pages."""
    return list(_walk(get_resolver()))


def _path(route: str) -> str:
    """The route with something in each gap: no such thing exists."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "x"), route)
    return "/" + filled.replace("^", "").replace("$", "")


def _ask(client: Client, path: str) -> int:
    """How the page answers: to GET, or to POST where it only takes that."""
    status = client.get(path).status_code
    return client.post(path).status_code if status in (302, 405) else status


def test_every_view_says_once_who_may_open_it():
    pages = _pages()
    assert pages
    for route, entry in pages:
        access = getattr(entry.callback, "access", None)
        assert access in ("public", "staff") or isinstance(access, Right), f"/{route}: who may open it?"


def test_a_stranger_is_asked_to_sign_in_unless_the_page_is_public(client, db):
    for route, entry in _pages():
        if entry.callback.access != "public":
            answer = client.get(_path(route))
            assert answer.status_code == 302, f"/{route} answers a stranger with {answer.status_code}"
            assert answer["Location"].startswith(("/sign-in", str(settings.LOGIN_URL))), (
                f"/{route} → {answer['Location']}"
            )


def _member(post: str, functions: tuple[str, ...]) -> Staff:
    account = "-".join((post, *functions)).lower()
    return Staff.objects.create(
        account=account, name=account, post=post, functions=functions, joined_on=date(2020, 1, 1)
    )


@pytest.fixture
def everyone(cast) -> list[Staff]:
    """One person of each post, and one of each function."""
    return [_member(post, ()) for post in Post.values] + [_member("SP", (name,)) for name in Function.values]


def test_each_post_is_refused_exactly_where_its_right_is_missing(everyone):
    pages = _pages()
    for member in everyone:
        client = Client(raise_request_exception=True)
        client.force_login(member, backend="shouxin.people.backends.StaffBackend")
        for route, entry in pages:
            if entry.name == "sign-out":
                continue  # open to all who are signed in; trying it would end the walk
            access, path = entry.callback.access, _path(route)
            if isinstance(access, Right) and not member.has(access):
                assert _ask(client, path) == 403, f"{member.account} lacks {access.code} but opens /{route}"
            elif "<" not in route and access != "public":
                assert _ask(client, path) != 403, f"{member.account} is refused at /{route}"


# Forms that need no key, and may: each with the reason its view gives.
KEYLESS = {
    "language", "not-taken", "sign-in", "sign-out", "password", "password-forgotten", "password-new", "setup",
    "notice-reading", "notices-reading", "unlocking", "draft", "draft-removal", "files", "file-removal", "resumption",
    "takeover", "officer", "return", "closure", "reopening", "message-seen", "pause", "paper", "link-removal",
    "tag-removal", "view-removal", "extension", "delivery", "standard",
}  # fmt: skip


def _does_without(entry: URLPattern) -> bool:
    how, why = getattr(entry.callback, "sending", ("once", ""))
    assert (how == "once") == (not why), entry.name
    return how in ("repeatable", "once if keyed")


def test_which_forms_need_no_key_is_said_with_a_reason_and_known_here():
    assert {entry.name for _route, entry in _pages() if _does_without(entry)} == KEYLESS


def test_no_form_is_taken_without_its_key(cast):
    """Whatever it asks for, and also where the thing does not exist or only GET is answered: nothing is done."""
    every = _member("TL", ("hr", "admin", "compliance"))
    Staff.objects.filter(pk=every.pk).update(functions=Function.values)
    client = DjangoClient()
    client.force_login(every, backend="shouxin.people.backends.StaffBackend")
    taken = []
    for route, entry in _pages():
        access = entry.callback.access
        if _does_without(entry) or (isinstance(access, Right) and not every.has(access)):
            continue
        answer = client.post(_path(route), {"body": "請改地址", "name": "x"})
        words = answer.content.decode()
        if answer.status_code != 422 or "請改地址" not in words or 'name="key" value="' not in words:
            taken.append(f"/{route}: {answer.status_code}")
    assert not taken, "\n".join(taken)


def test_whoever_comes_by_get_to_an_address_for_post_lands_on_the_page_with_the_form(cast, client):
    """After signing in again the browser asks with GET for what was sent."""
    client.force_login(cast.lin, backend="shouxin.people.backends.StaffBackend")

    for path, page in (
        ("/cases/C26-000001/closure/", "/cases/C26-000001/"),
        ("/cases/C26-000001/files/7/removal/", "/cases/C26-000001/"),
        ("/cases/next/", "/cases/"),
        ("/profile/deputies/", "/profile/"),
        ("/customers/K-1/contacts/3/end/", "/customers/K-1/"),
        ("/language/", "/"),
    ):
        answer = client.get(path, follow=False)
        while answer.status_code == 302 and answer["Location"] != page:
            answer = client.get(answer["Location"], follow=False)
        assert (answer.status_code, answer["Location"]) == (302, page), path
    assert client.get("/cases/next/", HTTP_HX_REQUEST="true").status_code == 405
