"""Who is there, what waits to be read, when an office is open, who holds which right."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q, QuerySet

from shouxin.core.counts import Sql, all_bounded, bounded_sql
from shouxin.core.kept import kept
from shouxin.core.rights import RIGHTS, Right
from shouxin.core.statements import Given
from shouxin.core.text import fold
from shouxin.jurisdictions.calendars import Hours, Window
from shouxin.people.models import (
    Agent,
    Branch,
    Company,
    Deputy,
    Function,
    Notice,
    OfficeHours,
    Post,
    Skill,
    Staff,
    Team,
)


def company() -> Company | None:
    """The insurer this home belongs to; None while nobody has moved in."""
    return Company.objects.first()


def colleagues(*, search: str = "", team: str = "", shows_left: bool = False) -> QuerySet[Staff]:
    """Staff by the strokes of their names; those who left only when asked for."""
    found = Staff.objects.in_order()
    if not shows_left:
        found = found.filter(is_active=True)
    if team:
        found = found.filter(team__code=team)
    if text := search.strip():
        found = found.filter(Q(name__icontains=text) | Q(account__startswith=fold(text)))
    return found


def agents(*, search: str = "", shows_left: bool = True, on: date | None = None) -> QuerySet[Agent]:
    found = Agent.objects.select_related("branch")
    if not shows_left and on:
        found = found.filter(Q(left_on=None) | Q(left_on__gt=on))
    if text := search.strip():
        found = found.filter(Q(name__icontains=text) | Q(number__istartswith=text))
    return found


@kept("people_company")
def house_source() -> str:
    """Where facts of this house come from: in the example insurer's home all that people try is an example too."""
    return "example" if Company.objects.filter(is_example=True).exists() else "live"


@kept("people_staff")
def staff_names() -> dict[int, str]:
    """Everybody who ever worked here, by number: names stand beside what each of them did."""
    return dict(Staff.objects.values_list("pk", "name"))


@kept("people_team")
def _team_names() -> dict[str, str]:
    return dict(Team.objects.values_list("code", "name"))


def team_name(code: str) -> str:
    """What the team with this code is called now; its code where there is none any more."""
    return _team_names().get(code, code)


def skill_name(code: str) -> str:
    """What the skill with this code is called now; its code where there is none any more."""
    return Skill.objects.filter(code=code).values_list("name", flat=True).first() or code


def places_in(jurisdiction: str) -> list[str]:
    """Where our offices of this jurisdiction are; offices that only stand for imported data have no teams."""
    offices = Branch.objects.filter(jurisdiction=jurisdiction, teams__isnull=False)
    return list(offices.order_by("place").values_list("place", flat=True).distinct())


def notices_of(staff: Staff) -> QuerySet[Notice]:
    return Notice.objects.filter(staff=staff)


@cache
def _unread() -> dict[str, Sql]:
    return {"unread": bounded_sql(Notice.objects.filter(staff=Given("me"), read_at=None), limit=100)}


def unread_of(staff: Staff) -> dict[str, str]:
    """How many notices wait, for the bell."""
    return all_bounded(_unread(), limit=100, me=staff.pk)


def deputies_on(staff: Staff, day: date) -> list[Staff]:
    """Who stands in for `staff` on this day and is there himself."""
    standing = Deputy.objects.filter(staff=staff, from_on__lte=day, until_on__gte=day, deputy__is_active=True)
    return [row.deputy for row in standing.select_related("deputy__team__branch").order_by("from_on", "pk")]


def hours_of(branch: Branch) -> tuple[Hours, ...]:
    """The hours that were set for an office, oldest first; empty where the usual ones of its jurisdiction hold."""
    return _hours(OfficeHours.objects.filter(branch=branch))


@kept("people_officehours", "people_branch")
def hours_at(jurisdiction: str, place: str) -> tuple[Hours, ...]:
    """The hours that were set for the offices at a place; where there are several offices, the first one's hold."""
    rows = OfficeHours.objects.filter(branch__jurisdiction=jurisdiction, branch__place=place)
    first = rows.order_by("branch").values("branch")[:1]
    return _hours(rows.filter(branch=first))


def _hours(rows: QuerySet[OfficeHours]) -> tuple[Hours, ...]:
    found: dict[date, list[list[Window]]] = {}
    for row in rows.order_by("from_on", "weekday", "opens_minute"):
        days = found.setdefault(row.from_on, [[] for _day in range(8)])
        days[row.weekday].append((row.opens_minute, row.closes_minute))
    return tuple(
        Hours(from_on=from_on, weekly=tuple(tuple(day) for day in days[:7]), makeup=tuple(days[7]))
        for from_on, days in found.items()
    )


@dataclass(frozen=True)
class RightRow:
    right: Right
    posts: list[bool]
    functions: list[bool]


def rights_table() -> list[RightRow]:
    """Every right with the posts and functions that hold it."""
    return [
        RightRow(
            right=right,
            posts=[post in right.posts for post in Post.values],
            functions=[function in right.functions for function in Function.values],
        )
        for _code, right in sorted(RIGHTS.items())
    ]
