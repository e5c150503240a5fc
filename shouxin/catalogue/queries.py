"""What the pages of the catalogue show."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from shouxin.cases.models import ReplyTemplate, Service, Stage
from shouxin.core.audience import Audience
from shouxin.core.paging import Page, place_in, token_of
from shouxin.core.refs import Ref
from shouxin.jurisdictions.labels import SUBJECTS
from shouxin.people.models import Post
from shouxin.people.queries import company, staff_names
from shouxin.record.queries import Entry, told_of

HOUSE, ORDER = Ref("company", 1), ("happened_at", "id")
AT_ONCE, MANY = 50, 500
STATES = {"offered": True, "retired": False}
STANDING_IN = {
    "zh-hant": {"customer": "王淑婷", "officer": "林怡君", "service": "契約內容變更", "due": "12/3(四) 17:30",
                "papers": "・診斷證明書\n・收據正本"},
    "zh-hans": {"customer": "王淑婷", "officer": "林怡君", "service": "合同内容变更", "due": "12/3(四) 17:30",
                "papers": "・诊断证明书\n・收据原件"},
    "en": {"customer": "Wang Shu-ting", "officer": "Lin Yi-chun", "service": "Change of the contract",
           "due": "Thu 3 Dec 17:30", "papers": "· Medical certificate\n· Original receipts"},
}  # fmt: skip


def standing_in(language: str) -> dict[str, str]:
    """What fills a template in to show how it reads: a case of this company that could be, in its language."""
    house = company()
    name = (house.name_en if language == "en" else "") or house.name if house else "守信"
    return STANDING_IN.get(language, STANDING_IN["zh-hant"]) | {"number": "C26-004517", "company": name}


def by_stage() -> list[tuple[str, list[tuple[Service, str, str]]]]:
    """The services under the headings of their stages, each with the posts that serve it and what it promises."""
    found: dict[str, list[tuple[Service, str, str]]] = {}
    for service in Service.objects.all():
        promises = plain("promise_subjects", service.promise_subjects)
        row = (service, plain("posts", service.posts), promises)
        found.setdefault(str(Stage(service.stage).label), []).append(row)
    return list(found.items())


def plain(field: str, value: Any) -> str:
    """A value of an entry as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not isinstance(value, list):
        return str(value)
    names = {"posts": dict(Post.choices), "promise_subjects": {code: gettext(text) for code, text in SUBJECTS.items()}}
    words = (_paper(each) if isinstance(each, dict) else str(names.get(field, {}).get(each, each)) for each in value)
    return "、".join(words) or "–"


def _paper(paper: dict[str, Any]) -> str:
    told = {"paper": paper["name"]}
    return gettext("%(paper)s (if it applies)") % told if paper.get("is_optional") else paper["name"]


def changes(entry: Entry, labels: dict[str, str]) -> list[tuple[str, str, str]]:
    """What a change of a service changed: the field, what it said, what it says."""
    return [
        (labels.get(field, field), plain(field, old), plain(field, new))
        for field, (old, new) in entry.data["changed"].items()
    ]


def templates(*, search: str = "", language: str = "", service: str = "", state: str = "") -> list[ReplyTemplate]:
    """Reply templates: those offered first, then the retired ones; of a service: what its cases are offered."""
    found = ReplyTemplate.objects.prefetch_related("services").order_by("-is_offered", "position", "title", "pk")
    if language:
        found = found.filter(language=language)
    if service:
        found = found.filter(Q(services=None) | Q(services=service)).distinct()
    if state in STATES:
        found = found.filter(is_offered=STATES[state])
    text = search.strip().casefold()
    return [each for each in found if text in f"{each.title} {each.body}".casefold()]


def history(kind: str, *, after: str = "", size: int = AT_ONCE, **about: Any) -> Page:
    """The changes of this one entry with who made them, the latest first; `after`: where the last page ended."""
    names, place = staff_names(), place_in(after)
    is_one = [type(each) for each in place] == [datetime, int] and place[0].tzinfo and abs(place[1]) < 2**63
    before = (place[0], place[1]) if is_one else None
    entries = told_of(HOUSE, kind, Audience.STAFF, before=before, limit=size + 1, **about)
    rows = [(each, names.get(each.actor.id, "") if each.actor else "") for each in entries[:size]]
    following = token_of(entries[size - 1], ORDER) if len(entries) > size else ""
    return Page(rows=rows, next=following, has_previous=before is not None)


def versions(number: int, *, after: str = "") -> Page:
    """Everything this template has said with when and by whom, the latest first; last what it came with."""
    page = history("TemplateWritten", template=number, after=after)
    told = [(entry.happened_at, name, entry.data["said"]) for entry, name in page]
    if page.rows and not page.next and (first := page.rows[-1][0].data["before"]):
        told.append((None, "", first))
    return replace(page, rows=told)


def changed_by_hand() -> frozenset[str]:
    """The services that somebody has changed since the data files brought them."""
    found: set[str] = set()
    page = history("ServiceChanged", size=MANY)
    while page.rows:
        found.update(entry.dims["service"] for entry, _name in page)
        page = history("ServiceChanged", size=MANY, after=page.next) if page.next else Page([], "", True)
    return frozenset(found)
