"""What the pages of the catalogue show."""

from typing import Any

from django.utils.translation import gettext

from shouxin.cases.models import ReplyTemplate, Service, Stage
from shouxin.core.audience import Audience
from shouxin.core.refs import Ref
from shouxin.jurisdictions.labels import SUBJECTS
from shouxin.people.models import Post
from shouxin.people.queries import staff_names
from shouxin.record.queries import Entry, timeline

HOUSE, MANY = Ref("company", 1), 2000
STANDING_IN = {
    "customer": "王淑婷", "number": "C26-004517", "officer": "林怡君", "company": "晴川人壽", "service": "契約內容變更",
    "due": "12/3(四) 17:30", "papers": "・診斷證明書\n・收據正本",
}  # fmt: skip


def by_stage() -> list[tuple[str, list[tuple[Service, str]]]]:
    """The services under the headings of their stages, each with the posts that serve it."""
    found: dict[str, list[tuple[Service, str]]] = {}
    for service in Service.objects.all():
        found.setdefault(str(Stage(service.stage).label), []).append((service, plain("posts", service.posts)))
    return list(found.items())


def plain(field: str, value: Any) -> str:
    """A value of an entry as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not isinstance(value, list):
        return str(value)
    names = {"posts": dict(Post.choices), "promise_subjects": {code: gettext(text) for code, text in SUBJECTS.items()}}
    words = (each["name"] if isinstance(each, dict) else str(names.get(field, {}).get(each, each)) for each in value)
    return "、".join(words) or "–"


def changes(entry: Entry, labels: dict[str, str]) -> list[tuple[str, str, str]]:
    """What a change of a service changed: the field, what it said, what it says."""
    return [
        (labels.get(field, field), plain(field, old), plain(field, new))
        for field, (old, new) in entry.data["changed"].items()
    ]


def templates(*, search: str = "", language: str = "") -> list[ReplyTemplate]:
    """Reply templates: those offered first, then the retired ones."""
    found = ReplyTemplate.objects.prefetch_related("services").order_by("-is_offered", "position", "title", "pk")
    if language:
        found = found.filter(language=language)
    text = search.strip().casefold()
    return [each for each in found if text in f"{each.title} {each.body}".casefold()]


def history(kind: str, **about: Any) -> list[tuple[Entry, str]]:
    """Every change of this one entry with who made it, the latest first."""
    names = staff_names()
    return [
        (entry, names.get(entry.actor.id, "") if entry.actor else "")
        for entry in timeline(HOUSE, Audience.STAFF, limit=MANY)
        if entry.kind == kind and all((entry.data | entry.dims).get(name) == value for name, value in about.items())
    ]
