"""Cases as they are looked for: everything begins with who looks."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from shouxin.cases.channels import is_spoken
from shouxin.cases.models import (
    Attachment,
    Case,
    CaseEvent,
    CaseExclusion,
    CaseLink,
    CaseTag,
    Direction,
    Draft,
    Letter,
    Paper,
    ReplyTemplate,
    Service,
    State,
    Touch,
)  # fmt: skip
from shouxin.cases.models.case import CaseQuerySet
from shouxin.cases.rights import BRANCH_POSTS, DIRECT, SEE
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, now
from shouxin.core.counts import Sql, all_bounded, bounded_sql
from shouxin.core.kept import kept
from shouxin.core.masking import mask_email
from shouxin.core.statements import Given, stated
from shouxin.customers.queries import known_as
from shouxin.jurisdictions.labels import REASONS
from shouxin.jurisdictions.packs import COMPANY, pack
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.rule import Rule
from shouxin.jurisdictions.standards import in_force
from shouxin.jurisdictions.terms import deadline
from shouxin.people.mailing import leaves
from shouxin.people.models import Deputy, Staff
from shouxin.policies.lines import scopes_of
from shouxin.promises.choosing import events_of
from shouxin.promises.models import Promise
from shouxin.promises.terms import terms_of
from shouxin.record.queries import entries_of, entry_of

SOONEST_FIRST = ("due_at", "id")
LATEST_CLOSED_FIRST = ("-closed_at", "-id")
NOBODY = {"officer": None}
# The pause where the law deducts one notice of missing documents alone, and only from its arrival.
PAPERS_NOTICE = "papers_notice"


def visibility(staff: Staff, prefix: str = "") -> Q | None:
    """Which cases this person may see, as a condition; None: not any. `rules.may_see` says the same of one case."""
    wall = wall_of(staff)
    where = {"team": None, "branch": None} if wall in ("none", "all") else place_of(staff)
    return _condition(wall, **{**where, "me": staff.pk}, prefix=prefix)


def kept_out_of(staff: Staff) -> set[int]:
    """The cases this person is kept out of."""
    return set(CaseExclusion.objects.filter(staff=staff).values_list("case", flat=True))


def wall_of(staff: Staff) -> str:
    """Whose cases this person sees: all, those of the office, only one's own, or none."""
    if not staff.has(SEE):
        return "none"
    if staff.post not in BRANCH_POSTS or staff.is_function("compliance"):
        return "all"
    return "office" if staff.team_id else "own"


def place_of(staff: Staff) -> dict[str, int | None]:
    """Where this person stands, as conditions ask it."""
    return {"me": staff.pk, "team": staff.team_id, "branch": staff.team.branch_id if staff.team_id else None}


def _condition(wall: str, me: Any, team: Any, branch: Any, prefix: str = "") -> Q | None:
    if wall == "none":
        return None
    about_me = Q(Exists(CaseExclusion.objects.filter(case=OuterRef(f"{prefix}pk"), staff=me)))
    if wall == "all":
        return ~about_me
    mine = Q(**{f"{prefix}officer": me})
    seen = mine if wall == "own" else mine | Q(**{f"{prefix}branch": branch}) | Q(**{f"{prefix}team": team})
    return seen & ~about_me


def visible_to(staff: Staff) -> CaseQuerySet:
    """The cases this person may see."""
    condition = visibility(staff)
    return Case.objects.none() if condition is None else Case.objects.filter(condition)


def stands_in(staff: Staff, case: Case, day: date) -> bool:
    """Whether this person is deputy of the case's officer on this day."""
    return (
        case.officer_id is not None
        and not case.keeps_out(staff)
        and (Deputy.objects.filter(staff=case.officer_id, deputy=staff, from_on__lte=day, until_on__gte=day).exists())
    )


# ── lists: one partial index each, the next page after the last row seen ──────


def work_of(viewer: Staff, *, of: str = "mine", state: str = "") -> CaseQuerySet:
    """Open cases. `of`: mine, team, branch, unassigned or all; wrote: closed ones whose customer wrote again."""
    cases = _work(_whose(viewer, of), wall_of(viewer), **place_of(viewer))
    return cases.filter(state=state) if state in State.values else cases


def _whose(viewer: Staff, of: str) -> str:
    """Whoever leads sees what was written after any closing; others their own, and those that are nobody's."""
    return "wrote_all" if of == "wrote" and viewer.has(DIRECT) else of


def _work(of: str, wall: str, me: Any, team: Any, branch: Any) -> CaseQuerySet:
    condition = _condition(wall, me, team, branch)
    if condition is None or (of in ("team", "branch") and team is None):
        return Case.objects.none()
    if of in ("wrote", "wrote_all"):
        written = Case.objects.filter(condition).written_after()
        return written if of == "wrote_all" else written.filter(Q(officer=me) | Q(officer=None))
    narrow = {"mine": {"officer": me}, "team": {"team": team}, "branch": {"branch": branch}, "unassigned": NOBODY}
    return Case.objects.filter(condition).open().filter(**narrow.get(of, {}))


def first_of(viewer: Staff, *, of: str, most: int) -> list[Case]:
    """The first so many of `work_of`, the soonest due first, as lists show them."""
    return _first_of(**place_of(viewer), of=_whose(viewer, of), wall=wall_of(viewer), most=most)


@stated
def _first_of(me, team, branch, *, of, wall, most):
    return _work(of, wall, me, team, branch).for_lists().order_by(*SOONEST_FIRST)[:most]


def counts_of(viewer: Staff, lists: Iterable[str]) -> dict[str, str]:
    """How many open cases stand in each of these lists of `work_of`, up to a bound."""
    wall = wall_of(viewer)
    return all_bounded({of: _counted(_whose(viewer, of), wall) for of in lists}, **place_of(viewer))


@cache
def _counted(of: str, wall: str) -> Sql:
    return bounded_sql(_work(of, wall, **{name: Given(name) for name in ("me", "team", "branch")}))


@kept("cases_service")
def services() -> dict[str, Service]:
    """The whole catalogue by code, in its order."""
    return {service.code: service for service in Service.objects.all()}


def standing() -> dict[tuple[int, str], int]:
    """Exactly how many cases stand with a team (its id, 0 for none) in a state."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT team, state, sum(change) FROM cases_standing GROUP BY 1, 2 HAVING sum(change) <> 0")
        return {(team, state): int(count) for team, state, count in cursor.fetchall()}


# ── one case ──────────────────────────────────────────────────────────────────


@stated
def by_number(number):
    return Case.objects.with_people().select_related("policy").filter(number=number)


@stated
def drafts_of(case, me):
    return Draft.objects.filter(case=case, staff=me)


@stated
def tags_of(case):
    return CaseTag.objects.filter(case=case).select_related("tag")


@stated
def touches_of(case, facts):
    return Touch.objects.filter(case=case, fact__any_of=facts).select_related("by")


@stated
def files_of(touches):
    return Attachment.objects.filter(touch__any_of=touches, erased_at=None)


@stated
def letters_of(touches):
    return Letter.objects.filter(touch__any_of=touches)


@stated
def _papers(case):
    return Paper.objects.filter(case=case)


@stated
def _links(case):
    linked = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    return linked.order_by("-linked_at")


@stated
def _templates(service, language):
    mine = Q(services=None) | Q(services=service)
    return ReplyTemplate.objects.filter(mine, is_offered=True, language=language).distinct()


@stated
def _of_customer(customers, me, team, branch, *, wall):
    seen = Case.objects.filter(_condition(wall, me, team, branch), customer__any_of=customers)
    return seen.for_lists().order_by("-opened_at", "-id")[:7]


def others_of(viewer: Staff, case: Case) -> list[Case]:
    """The customer's other cases that this person may see, the latest few."""
    if case.customer_id is None or (wall := wall_of(viewer)) == "none":
        return []
    found = _of_customer(customers=known_as(case.customer), **place_of(viewer), wall=wall)
    return [other for other in found if other.pk != case.pk]


@dataclass(frozen=True)
class Said:
    """A touch with its words; erased: only that it was is left."""

    touch: Touch
    subject: str
    body: str
    is_erased: bool
    files: tuple[Attachment, ...]
    letters: tuple[Letter, ...]


def conversation(case: Case, audience: Audience = Audience.STAFF) -> list[Said]:
    """Everything said in this case that this audience may read, from the first on, in four queries."""
    touches = case.touches.select_related("by").order_by("at", "id")
    if audience == Audience.CUSTOMER:
        touches = touches.exclude(direction=Direction.INTERNAL)
    touches = touches.prefetch_related("attachments", "letters")
    facts = {entry.id: entry for entry in entries_of([touch.fact for touch in touches if touch.fact], audience)}
    return [
        Said(
            touch=touch,
            subject=fact.content.get("subject", "") if (fact := facts.get(touch.fact)) else "",
            body=fact.content.get("body", "") if fact else "",
            is_erased=fact.is_erased if fact else False,
            files=tuple(each for each in touch.attachments.all() if each.erased_at is None),
            letters=tuple(touch.letters.all()),
        )
        for touch in touches
    ]


def body_of(touch: Touch, audience: Audience = Audience.STAFF) -> str:
    """The words of one touch; empty when they were erased."""
    entry = entry_of(touch.fact, audience) if touch.fact else None
    return entry.content.get("body", "") if entry else ""


def address_of(case: Case, channel: str) -> str:
    """Where a letter of this channel would go; empty when we know no such address."""
    if case.customer_id:
        kind = {"email": "email", "letter": "address"}.get(channel)
        point = case.customer.preferred(kind) if kind else None
        if point is not None:
            return point.value
    return case.claimed_email if channel == "email" else ""


@dataclass(frozen=True)
class Reach:
    """To whom an answer goes and how; without an address nobody would be told of it."""

    name: str
    address: str
    leaves: bool = True  # whether mail leaves this machine at all


def reach_of(case: Case, *, is_known: bool = False) -> Reach:
    """How the next reply reaches the customer; masked but for who may know."""
    address = address_of(case, "email")
    if is_known:
        return Reach(case.asker_in_full, address, leaves())
    return Reach(case.asker, mask_email(address) if address else "", leaves())


def answer_channel(case: Case) -> str:
    """By which way a written answer goes unless somebody chooses another: by mail where we can, else as they came.

    Who called or came by, and gave no address, finds it on the page of the case: it is text, and no call.
    """
    if address_of(case, "email"):
        return "email"
    return "web" if is_spoken(case.channel) else case.channel


def checklist(case: Case) -> list[Paper]:
    """What its service asked for when the case was opened, and what was added; unsaved ones were never asked for."""
    rows, usual = {paper.code: paper for paper in _papers(case=case.pk)}, []
    for code, title, is_optional in case.service.asks_for(case.opened_at):
        usual.append(rows.pop(code, None) or Paper(case=case, code=code, title=title))
        usual[-1].is_optional = is_optional
    return [*usual, *rows.values()]


def listed_papers(case: Case) -> list[str]:
    """The codes of the papers that the list of its service names."""
    return [code for code, _title, _is_optional in case.service.asks_for(case.opened_at)]


def paper_code(title: str) -> str:
    """A code for a paper that is in no list: its facts are never erased, so it says nothing of what was typed."""
    return "x-" + hashlib.sha256(title.encode()).hexdigest()[:12]


def links_of(case: Case, viewer: Staff) -> list[tuple[Case, CaseLink]]:
    """The cases linked with this one, whichever was first, that this person may see."""
    found = [(link.other if link.case_id == case.pk else link.case, link) for link in _links(case=case.pk)]
    seen = (
        set(visible_to(viewer).filter(pk__in=[other.pk for other, _l in found]).values_list("pk", flat=True))
        if (found)
        else set()
    )
    return [(other, link) for other, link in found if other.pk in seen]


def templates_for(case: Case) -> Iterable[ReplyTemplate]:
    """Reply templates for this case's service and those for all."""
    return _templates(service=case.service_id, language=case.language)


def events_for(case: Case) -> tuple[str, ...]:
    """What an officer may record as having happened here; what opening such a case was is known already."""
    asked = (case.service_id, tuple(case.service.promise_subjects), case.jurisdiction, day_of(now()))
    found = events_of(*asked, scopes_of(case.policy), in_force(COMPANY))
    return tuple(event for event in found if event not in case.service.opening_events)


@dataclass(frozen=True)
class Window:
    """How long the customer may still do something, by a rule that binds the customer."""

    rule: Rule
    until: datetime

    @property
    def until_text(self) -> str:
        return deadline(self.until)


@stated
def happened_in(case):
    """What was recorded to have happened, the latest first."""
    return CaseEvent.objects.filter(case=case).select_related("by").order_by("-at", "-id")


def windows_of(case: Case, events: Iterable[CaseEvent], at: datetime) -> list[Window]:
    """What the customer may still do after these events, and until when; of a term that began twice the later."""
    rules, found = pack(case.jurisdiction).rules_for_customers(case.service_id, day_of(at)), {}
    for happened in sorted(events, key=lambda each: each.at):
        for rule in (rule for rule in rules if happened.event in rule.starts):
            found[rule.id] = Window(rule, rule.due(happened.at, calendar_of(case.branch.calendar_key)))
    return [window for window in found.values() if window.until > at]


def reasons_to_pause(case: Case) -> list[tuple[str, str]]:
    """Why a clock of this case may stand still, as its running promises know it."""
    running = Promise.objects.about(case.ref).filter(state="running")
    codes = dict.fromkeys(code for promise in running for code in terms_of(promise).suspensions)
    codes.pop(PAPERS_NOTICE, None)  # only the request for documents itself is that notice
    return [(code, gettext(REASONS.get(code, code))) for code in codes]
