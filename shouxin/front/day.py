"""The day of one person: what is due, what the team needs. Every count is bounded and walks a partial index."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from shouxin.cases.models import Case
from shouxin.cases.queries import SOONEST_FIRST, work_of
from shouxin.cases.rights import DIRECT
from shouxin.core.audience import Audience
from shouxin.core.clock import day_of, start_of
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
    """A colleague of the team, and what lies with him."""

    staff: Staff
    open: int
    overdue: int


@dataclass(frozen=True)
class TeamDay:
    teams: list[Team]
    overdue: str
    unassigned: str
    members: list[Member]


def load(viewer: Staff, *, at: datetime) -> Load:
    """The soonest thousand are counted; nobody has more."""
    today = day_of(at)
    tonight = start_of(today + timedelta(days=1))
    weekend = start_of(today + timedelta(days=7 - today.weekday()))
    soonest = Case.objects.open().filter(officer=viewer).order_by(*SOONEST_FIRST)[:LIMIT]
    counts = soonest.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=at)),
        # 24:00 belongs to the day it ends.
        today=Count("pk", filter=Q(due_at__gte=at, due_at__lte=tonight)),
        week=Count("pk", filter=Q(due_at__gt=tonight, due_at__lte=weekend)),
    )
    return Load(**counts)


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


def team_day(viewer: Staff, *, at: datetime) -> TeamDay | None:
    """What a team leader looks at first; None for who leads nobody."""
    teams = led_by(viewer)
    if not teams:
        return None
    cases = Case.objects.open().filter(team__in=teams)
    return TeamDay(
        teams,
        overdue=bounded(cases.overdue(at)),
        unassigned=bounded(work_of(viewer, of="unassigned")),
        members=_members(teams, at),
    )


def _members(teams: list[Team], at: datetime) -> list[Member]:
    """Who has how many open, the most overdue first."""
    staff = list(Staff.objects.serving().filter(team__in=teams).order_by("name_sort", "pk"))
    theirs = Case.objects.open().filter(officer__in=staff).order_by().values("officer")
    rows = theirs.annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=at)))
    counted = {row["officer"]: (row["open"], row["overdue"]) for row in rows}
    members = [Member(each, *counted.get(each.pk, (0, 0))) for each in staff]
    return sorted(members, key=lambda member: (-member.overdue, -member.open))
