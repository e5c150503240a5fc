"""The day of one person: what is due, what the team needs. Every count is bounded and walks a partial index."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from shouxin.cases.desk import DUE, due_when
from shouxin.cases.models import Case
from shouxin.cases.queries import SOONEST_FIRST, visible_to, work_of
from shouxin.cases.rights import DIRECT
from shouxin.core.audience import Audience
from shouxin.core.counts import LIMIT, bounded
from shouxin.people.models import Staff, Team
from shouxin.promises.clocks import Clock
from shouxin.promises.queries import nearest_clocks

SHOWN = 12


@dataclass(frozen=True)
class Load:
    """How many open cases lie with somebody: all of them, and those whose nearest due instant is past, today, near."""

    open: int
    overdue: int
    today: int
    week: int

    @property
    def open_text(self) -> str:
        return f"{LIMIT - 1}+" if self.open >= LIMIT else str(self.open)


@dataclass(frozen=True)
class Line:
    case: Case
    clock: Clock | None


@dataclass(frozen=True)
class Member:
    """Who has how many cases of a team: a colleague, somebody who left or serves elsewhere, or (None) nobody yet."""

    staff: Staff | None
    open: int
    overdue: int


@dataclass(frozen=True)
class TeamDay:
    """One team: its rows add up to `open` and `overdue`, and these are what the lists behind them show."""

    team: Team
    members: list[Member]

    @property
    def open(self) -> int:
        return sum(member.open for member in self.members)

    @property
    def overdue(self) -> int:
        return sum(member.overdue for member in self.members)


@dataclass(frozen=True)
class Led:
    """What somebody who leads looks at first; `unassigned` are those of the whole company that nobody serves."""

    teams: list[TeamDay]
    unassigned: str


def load(viewer: Staff, *, at: datetime) -> Load:
    """The soonest thousand are counted; nobody has more."""
    soonest = Case.objects.open().filter(officer=viewer).order_by(*SOONEST_FIRST)[:LIMIT]
    late = {name: Count("pk", filter=due_when(name, at)) for name in DUE}
    return Load(**soonest.aggregate(open=Count("pk"), **late))


def mine(viewer: Staff, *, at: datetime) -> list[Line]:
    """The first few of one's own cases, the soonest due first, each with the clock that presses most."""
    cases = list(work_of(viewer, of="mine").with_people().order_by(*SOONEST_FIRST)[:SHOWN])
    clocks = nearest_clocks([case.ref for case in cases], at=at, audience=Audience.STAFF) if cases else {}
    return [Line(case, clocks.get(str(case.ref))) for case in cases]


def wait(lines: list[Line]) -> int | None:
    """Seconds until the first of these is due soon or overdue."""
    waits = [line.clock.state_wait for line in lines if line.clock]
    return min((each for each in waits if each is not None), default=None)


def led_by(viewer: Staff) -> list[Team]:
    """The teams this person leads; a team leader whom nobody named yet looks after the own team."""
    if not viewer.has(DIRECT):
        return []
    teams = list(Team.objects.filter(leader=viewer).order_by("name", "pk"))
    return teams or ([viewer.team] if viewer.team_id else [])


def team_day(viewer: Staff, *, at: datetime) -> Led | None:
    """What a team leader looks at first; None for who leads nobody."""
    teams = led_by(viewer)
    if not teams:
        return None
    days = [TeamDay(team, _members(viewer, team, at)) for team in teams]
    return Led(days, bounded(work_of(viewer, of="unassigned")))


def _members(viewer: Staff, team: Team, at: datetime) -> list[Member]:
    """Whoever has cases of this team or belongs to it, the most overdue first."""
    cases = visible_to(viewer).open().filter(team=team).order_by().values("officer")
    rows = cases.annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=at)))
    counted = {row["officer"]: (row["open"], row["overdue"]) for row in rows}
    known = Staff.objects.filter(Q(pk__in=[key for key in counted if key]) | Q(team=team, is_active=True))
    staff = [*known.order_by("name_sort", "pk"), *([None] if None in counted else [])]
    members = [Member(each, *counted.get(each.pk if each else None, (0, 0))) for each in staff]
    return sorted(members, key=lambda member: (-member.overdue, -member.open))
