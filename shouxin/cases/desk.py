"""The desk: which cases a person sees, in which order, grouped by when something is due; and the day's promises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouxin.cases.channels import CHANNELS, label_of
from shouxin.cases.models import FAR, Case, Direction, SavedView, State, Touch
from shouxin.cases.models.case import CaseQuerySet
from shouxin.cases.queries import LATEST_CLOSED_FIRST, SOONEST_FIRST, counts_of, first_of, services, visible_to, work_of
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, local, start_of
from shouxin.core.paging import Page, keyset, paged
from shouxin.core.refs import Ref
from shouxin.core.statements import stated
from shouxin.core.templatetags.moment import lately
from shouxin.jurisdictions.terms import last_day
from shouxin.people.models import Staff, Team
from shouxin.promises.clocks import Clock
from shouxin.promises.queries import clocks_due, nearest_clocks

SORTS = {"due": SOONEST_FIRST, "touched": ("-touched_at", "-id"), "opened": ("-opened_at", "-id")}
LISTS = ("mine", "team", "unassigned", "all", "wrote", "closed")
DUE = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Due today"),
    "week": gettext_lazy("Within seven days"),
}
# On a Sunday what is due on Monday is near: the week is the seven days after today, not the calendar's.
WEEK = timedelta(days=7)
# In place of a colleague: the cases that nobody serves.
NOBODY = "none"
# Whoever has more open cases than this sees the promises of the most pressing ones on the ribbon.
ON_RIBBON, AT_ONCE = 300, 50


def due_when(name: str, at: datetime) -> Q:
    """The condition of what is overdue, due today, or in the seven days after; 24:00 belongs to the day it ends."""
    today = day_of(at)
    tonight, week_on = start_of(today + timedelta(days=1)), start_of(today + timedelta(days=1) + WEEK)
    return {
        "overdue": Q(due_at__lt=at), "today": Q(due_at__gte=at, due_at__lte=tonight),
        "week": Q(due_at__gt=tonight, due_at__lte=week_on),
    }[name]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What somebody looks at: which list, narrowed how, in which order. It lives in the address."""

    of: str = "mine"
    state: str = ""
    service: str = ""
    channel: str = ""
    team: str = ""
    officer: str = ""
    due: str = ""
    sort: str = "due"

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> "Looking":
        """Nonsense in an address is left out, not refused."""
        known = {"of": LISTS, "state": State.values, "channel": CHANNELS, "sort": SORTS, "service": services()}
        known["due"] = DUE
        for name, model, key in (("officer", Staff, "account"), ("team", Team, "code")):
            value = asked.get(name, "")
            known[name] = (value,) if value and model.objects.filter(**{key: value}).exists() else ()
        if "officer" in asked and asked["officer"] == NOBODY:
            known["officer"] = (NOBODY,)
        return cls(**{name: asked[name] for name, values in known.items() if asked.get(name) in values})

    @property
    def query(self) -> str:
        """As it stands in an address, without what goes without saying."""
        plain = Looking()
        return urlencode({name: value for name, value in vars(self).items() if value != getattr(plain, name)})

    @property
    def is_narrowed(self) -> bool:
        return self != replace(self.at(self.of), sort=self.sort)

    @property
    def without_whose(self) -> str:
        """The same without the colleague, the team and what is late: those are chosen elsewhere."""
        return replace(self, officer="", team="", due="").query

    @property
    def whose(self) -> str:
        """Whose cases these are, in words, and whether only those that are late."""
        officer = Staff.objects.filter(account=self.officer).values_list("name", flat=True).first()
        team = Team.objects.filter(code=self.team).values_list("name", flat=True).first()
        told = [team, _("Unassigned") if self.officer == NOBODY else officer, DUE[self.due] if self.due else ""]
        return " · ".join(str(each) for each in told if each)

    def narrowed(self, cases: CaseQuerySet, at: datetime) -> CaseQuerySet:
        """Of these cases those somebody looks at."""
        about = {"service": self.service, "channel": self.channel, "team__code": self.team}
        cases = cases.filter(**{name: value for name, value in about.items() if value})
        if self.officer:
            cases = (
                cases.filter(officer=None) if self.officer == NOBODY else cases.filter(officer__account=self.officer)
            )
        return cases.filter(due_when(self.due, at)) if self.due and self.of not in ("closed", "wrote") else cases

    def at(self, of: str) -> "Looking":
        return replace(Looking(), of=of)


@dataclass(frozen=True)
class Row:
    """One case in a list: its nearest clock, who spoke last and when."""

    case: Case
    clock: Clock | None
    last: str
    is_waiting_for_us: bool

    @property
    def lately(self) -> str:
        return lately(self.case.touched_at)

    @property
    def shown(self) -> tuple:
        """Every word of the row: two rows of the same words look the same."""
        case, clock = self.case, self.clock
        ring = (clock.state, clock.percent, clock.left_text, clock.due_text) if clock else case.state
        names = (case.number, case.service.label, case.asker, case.subject, case.officer.name if case.officer else "")
        return (*names, ring, self.last, self.lately, self.is_waiting_for_us)


@dataclass
class Group:
    """Rows that are due about the same time; `note` says what that means."""

    name: str
    note: str
    rows: list[Row]


@dataclass(frozen=True)
class Desk:
    looking: Looking
    page: Page
    groups: list[Group]

    @property
    def wait(self) -> int | None:
        """Seconds until the first of its clocks is due soon or overdue: then the list is asked for anew."""
        clocks = [row.clock for group in self.groups for row in group.rows if row.clock]
        return min((clock.state_wait for clock in clocks if clock.state_wait is not None), default=None)

    @property
    def is_whole(self) -> bool:
        """All rows are on this page, so that the groups can be counted."""
        return not (self.page.next or self.page.has_previous)


def desk(viewer: Staff, looking: Looking, *, at: datetime, after: str = "") -> Desk:
    """One page of the list somebody looks at."""
    page = _page(viewer, looking, at, after)
    rows = _rows(page.rows, at)
    is_by_due = looking.sort == "due" and looking.of != "closed"
    return Desk(looking, page, by_when(rows, at) if is_by_due else [Group("", "", rows)])


def _page(viewer: Staff, looking: Looking, at: datetime, after: str) -> Page:
    if looking == looking.at(looking.of) and looking.of != "closed" and not after:
        return paged(first_of(viewer, of=looking.of, most=AT_ONCE + 1), SOONEST_FIRST, size=AT_ONCE)
    if looking.of == "closed":
        cases, order = visible_to(viewer).closed(), LATEST_CLOSED_FIRST
    else:
        cases, order = work_of(viewer, of=looking.of, state=looking.state), SORTS[looking.sort]
    return keyset(looking.narrowed(cases, at).for_lists(), order, after=after, size=AT_ONCE)


def tabs(viewer: Staff, looking: Looking) -> list[dict[str, object]]:
    """The lists with how many stand in each; closed cases are not counted."""
    names = {
        "mine": _("My cases"), "team": _("My team"), "unassigned": _("Unassigned"), "all": _("All open"),
        "wrote": _("Wrote after closing"), "closed": _("Closed"),
    }  # fmt: skip
    counts = counts_of(viewer, LISTS[:-1])
    return [
        {"name": name, "query": looking.at(of).query, "is_current": of == looking.of, "count": counts.get(of, "")}
        for of, name in names.items()
    ]


def _rows(cases: list[Case], at: datetime) -> list[Row]:
    clocks = nearest_clocks([case.ref for case in cases], at=at, audience=Audience.STAFF) if cases else {}
    last = {number: said for number, *said in _spoken(cases=[case.pk for case in cases])}
    return [
        Row(case, clocks.get(str(case.ref)), _said(*last.get(case.pk, ("", ""))), _is_ours(case, last.get(case.pk)))
        for case in cases
    ]


def _is_ours(case: Case, last: list[str] | None) -> bool:
    is_ours = case.is_open or case.wrote_at is not None
    return is_ours and last is not None and last[0] == Direction.INBOUND


def _said(direction: str, channel: str) -> str:
    if not direction:
        return ""
    if direction == Direction.INTERNAL:
        return _("We called, not reached") if channel else _("Note")
    told = {"channel": label_of(channel)}
    return (_("Customer, %(channel)s") if direction == Direction.INBOUND else _("We, %(channel)s")) % told


def by_when(rows: Iterable[Row], at: datetime) -> list[Group]:
    """In the order of the list: overdue, today, this week, later, standing still, nothing promised."""
    groups: dict[str, Group] = {}
    for row in rows:
        code, name, note = _when(row, at)
        groups.setdefault(code, Group(name, note, [])).rows.append(row)
    return list(groups.values())


def _when(row: Row, at: datetime) -> tuple[str, str, str]:
    due_at, today = row.case.due_at, day_of(at)
    if due_at >= FAR:
        if row.clock:
            return "still", _("Waiting"), _("the clock is paused; this time does not count")
        return "none", _("Nothing promised"), ""
    if due_at < at:
        return "overdue", _("Overdue"), _("these first")
    if row.clock:  # where the deadline is written in another zone, today is that zone's, as on the ring
        zone = row.clock.reading.calendar.zone
        day, today = last_day(due_at.astimezone(zone)), at.astimezone(zone).date()
    else:
        day = last_day(local(due_at))
    if day <= today:
        return "today", _("Due today"), ""
    return ("week", _("Within seven days"), "") if day <= today + WEEK else ("later", _("Later"), "")


@dataclass(frozen=True)
class Day:
    """The promises of one officer's day: kept, owed, and which is next."""

    clocks: list[Clock]
    kept: int
    next: Clock | None
    subject: str

    @property
    def owed(self) -> int:
        return len(self.clocks) - self.kept


@stated
def views_of(me):
    return SavedView.objects.filter(staff=me)


@stated
def _owed_by(me):
    return Case.objects.open().filter(officer=me).order_by(*SOONEST_FIRST).values_list("pk")[:ON_RIBBON]


@stated
def _closed_by(me, since):
    # Said to be closed as well, so that the index of closed cases serves: without it all cases are read.
    return Case.objects.closed().filter(officer=me, closed_at__gte=since).values_list("pk")[:ON_RIBBON]


@stated
def _spoken(cases):
    # What the house tells by itself is no answer: who waits for one waits on.
    said = Touch.objects.filter(case__any_of=cases).exclude(direction=Direction.OUTBOUND, by=None)
    last = said.order_by("case", "-at", "-id").distinct("case")
    return last.values_list("case", "direction", "channel")


def day(viewer: Staff, *, at: datetime) -> Day:
    """What this officer promised for today, and what was kept today."""
    begin = start_of(day_of(at))
    end = begin + timedelta(days=1)
    mine = (*_owed_by(me=viewer.pk), *_closed_by(me=viewer.pk, since=begin))
    cases = [Ref(Case.ref_kind, number) for (number,) in mine]
    clocks = clocks_due(cases, begin, end, at=at, most=ON_RIBBON) if cases else []
    owed = next((clock for clock in clocks if clock.state in ("running", "soon")), None)
    who = Case.objects.for_lists().get(pk=Ref.parse(owed.subject).id).asker if owed else ""
    return Day(clocks, sum(clock.state == "kept" for clock in clocks), owed, who)
