"""Officers of the example insurer at their browsers: signed in without the form, whose hash is slow on purpose."""

import re
from dataclasses import dataclass
from uuid import uuid4

from bench.clients import Answer, Client

POSTS = ("EC", "CC", "CL", "CT")  # three that see all cases, one that sees those of its office
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
REPLY = "您好,謝謝您的來信。您寄來的診斷證明與收據我們已經收到,承辦同仁今天會完成審核,有結果就立刻打電話告訴您。"


@dataclass(frozen=True)
class Officer:
    id: int
    session: str


def officers(count: int) -> list[Officer]:
    """So many officers with a session each; of each post the one with most to do."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.db.models import Count, Q

    from shouxin.people.models import Staff

    with_work = Staff.objects.annotate(to_do=Count("cases", filter=~Q(cases__state="closed"))).order_by("-to_do", "pk")
    known = [with_work.filter(post=post).first() for post in POSTS]
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for number in range(count):
        staff, session = known[number % len(known)], store()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(staff.pk), staff.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "shouxin.people.backends.StaffBackend"
        session.save()
        found.append(Officer(staff.pk, session.session_key))
    return found


def signed_in(client: Client, officer: Officer) -> None:
    from django.conf import settings

    client.cookies[settings.SESSION_COOKIE_NAME] = officer.session


def token_of(page: Answer) -> str:
    """The token of the first form on a page."""
    found = _TOKEN.search(page.body)
    if page.status != 200 or not found:
        raise RuntimeError(f"a page answered {page.status}: {page.location} {page.body[:300].decode(errors='replace')}")
    return found[1].decode()


def reply(token: str, body: str = REPLY) -> dict[str, str]:
    """The composer, filled in."""
    return {
        "csrfmiddlewaretoken": token, "kind": "reply", "caller": "us", "body": body, "given": "", "until": "",
        "keeps": "", "key": str(uuid4()),
    }  # fmt: skip


def cases_of(officer: Officer, count: int) -> list[str]:
    """Numbers of open cases of this officer, spread over all of them."""
    from shouxin.cases.models import Case

    mine = Case.objects.filter(officer=officer.id, state__in=["open", "answered", "waiting"])
    return list(mine.order_by("key").values_list("number", flat=True)[:count])
