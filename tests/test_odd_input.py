"""Odd addresses and odd forms: whoever asks, and whatever stands in an address or a field, no page fails."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern

from shouxin.cases.actions import assign, open_case
from shouxin.cases.models import Case, Service
from shouxin.cases.rules import Claimant
from shouxin.core.clock import now
from shouxin.core.rights import Right
from shouxin.people.models import Staff
from tests.sending import Client
from tests.test_access import _member, _pages, everyone  # noqa: F401 - the fixture

NESTED = "W1tb" * 700  # a token of many open brackets
ODD = (
    "9223372036854775808", "-1", "0001-01-01", "9999-12-31", "W251bGwsIntcIl0", NESTED, "WyJcdTAwMDAiLCAxXQ",
    "product=\ud7ff", "staff=abc", "🦄", "%", "x" * 300, "[]", "1e400", "２０２６", "\u202e", "[[", "'\"--",
)  # fmt: skip
NAMES = [
    "after",
    "q",
    "team",
    "place",
    "year",
    "since",
    "last",
    "where",
    "by",
    "stat",
    "days",
    "cell",
    "open",
    "about",
    "start",
    "calendar",
    "customer",
    "channel",
    "policy",
    "language",
    "service",
    "state",
    "left",
    "topic",
    "unit",
    "token",
    "next",
]
WITH_NUL = [
    "/cases/%00/",
    "/customers/%00/",
    "/policies/%00/",
    "/follow/%00/x/",
    "/complaints/%00/",
    "/people/?q=%00",
    "/people/agents/%00/",
    "/catalogue/services/%00/",
    "/people/?%00=1",
]
KEEPING = ("sign-out", "language", "healthz")  # would end the walk, or tell the truth with 503
LONG = 400


@pytest.fixture
def house(cast, everyone, settings, tmp_path):  # noqa: F811
    """A case of Lin's, and one person of each post, signed in."""
    settings.MEDIA_ROOT = tmp_path
    case = open_case(
        service=Service.objects.get(code="A09"), channel="web", subject="理賠", body="內容", branch=cast.taipei,
        claimant=Claimant(name="王雅婷", phone="0912345417", email="ya@example.com"), by=None,
        at=now() - timedelta(hours=1),
    )  # fmt: skip
    assign(case, by=cast.chou, to=cast.lin)
    return {"case": Case.objects.get(pk=case.pk)}


def _signed_in(member: Staff | None) -> Client:
    client = Client(raise_request_exception=False)
    if member:
        client.force_login(member, backend="shouxin.people.backends.StaffBackend")
    return client


def _filled(route: str, case: Case, odd: str) -> str:
    """The address with what exists where there is one, else with something odd."""
    known = {"cases": case.number, "follow": case.number, "people": "lin", "measures": "promises-kept"}
    room = route.partition("/")[0]

    def fill(found: re.Match) -> str:
        kind, name = found[1] or "str", found[2]
        if kind == "int":
            return "9223372036854775808"
        if kind in {"slug", "uuid"}:
            return known["measures"] if name == "code" and room == "measures" else "x"
        return known.get(room, odd) if name in {"number", "account"} else odd

    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", fill, route)


def _allowed(entry: URLPattern, member: Staff | None) -> bool:
    access = entry.callback.access
    return access == "public" or (member is not None and (not isinstance(access, Right) or member.has(access)))


def test_no_address_fails_whoever_asks_it(house, cast):
    pages = [(route, entry) for route, entry in _pages() if entry.name not in KEEPING]
    people = [None, cast.admin, cast.lin, cast.tsai]
    wrong, turn = [], 0
    for member in people:
        client = _signed_in(member)
        for route, entry in pages:
            if not _allowed(entry, member):
                continue
            for odd in ODD[turn % 6 :: 6] if member is cast.admin else (ODD[turn % len(ODD)],):
                turn += 1
                path = _filled(route, house["case"], odd if len(odd) < LONG else "x")
                answer = client.get(path, dict.fromkeys(NAMES, odd), HTTP_HX_CURRENT_URL="http://[::1")
                if answer.status_code >= 500:
                    wrong.append(f"{member}: {path} {odd[:40]!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_nul_is_refused_in_words_wherever_it_stands(house, cast):
    for member in (None, cast.admin):
        client = _signed_in(member)
        for path in WITH_NUL:
            answer = client.get(path)
            assert answer.status_code == 400, path
            assert "這個網址讀不懂" in answer.content.decode()


ODD_VALUES = (
    "a\x00b", "\u200b", "x" * 5000, "9223372036854775808", "0001-01-01", "9999-12-31T23:59", "🦄\u202e", "-1", "[[",
    "1e400",
)  # fmt: skip
FIELDS = [
    "kind",
    "caller",
    "body",
    "given",
    "until",
    "keeps",
    "key",
    "reason",
    "remark",
    "to",
    "waiting_for",
    "papers",
    "more",
    "again",
    "number",
    "name",
    "service",
    "priority",
    "customer",
    "channel",
    "subject",
    "phone",
    "email",
    "policy",
    "branch",
    "query",
    "template",
    "how",
    "username",
    "password",
    "answer",
    "policy_number",
    "id_number",
    "birth_on",
    "gender",
    "language",
    "value",
    "text",
    "until_on",
    "from_on",
    "into",
    "scope",
    "purpose",
    "document",
    "place",
    "day",
    "is_open",
    "hours",
    "source",
    "code",
    "account",
    "post",
    "joined_on",
    "left_on",
    "leader",
    "deputy",
    "day0",
    "registered_on",
    "jurisdiction",
    "against_kind",
    "agent",
    "outcome",
    "findings",
    "amount",
    "currency",
    "seen",
    "mark",
    "title",
    "position",
    "papers_hans",
    "token",
    "next",
    "skills",
    "functions",
    "representative",
    "website",
    "note",
]


def test_no_form_fails_on_one_odd_field(house, cast):
    pages = [(route, entry) for route, entry in _pages() if entry.name not in KEEPING and "removal" not in route]
    usual = dict.fromkeys(FIELDS, "1") | {"body": "內容", "name": "王", "kind": "note", "email": "a@b.tw"}
    wrong, turn = [], 0
    for member in (None, cast.admin, cast.chou):
        client = _signed_in(member)
        for route, entry in pages:
            if not _allowed(entry, member):
                continue
            for _again in range(2 if member is cast.chou else 1):
                turn += 1
                odd = ODD_VALUES[turn % len(ODD_VALUES)]
                filled = usual | dict.fromkeys(FIELDS[turn % 3 :: 3], odd)
                filled |= {"files": SimpleUploadedFile("🦄.pdf", b"MZ\x00")} if turn % 5 == 0 else {}
                answer = client.post(_filled(route, house["case"], "x"), filled)
                if answer.status_code >= 500:
                    wrong.append(f"{member}: POST /{route} {odd[:20]!r} {turn % 3}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
