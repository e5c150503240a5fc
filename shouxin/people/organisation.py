"""The house itself: founding it, its offices and their hours, teams, skills, agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from shouxin.core.clock import day_of, now
from shouxin.core.refs import Ref
from shouxin.core.rights import require
from shouxin.jurisdictions.calendars import Hours
from shouxin.people.actions import NewStaff, join, who
from shouxin.people.facts import AgentLeft, CompanyFounded, HoursSet, LeaderNamed, SettingsChanged
from shouxin.people.models import Agent, Branch, Company, Function, OfficeHours, Post, Skill, Staff, Team
from shouxin.people.rules import KEEP_AGENTS, SETTINGS
from shouxin.record.recording import record

# What the services of the catalogue ask for; a company may add its own.
FIRST_SKILLS = (
    ("service", "一般服務"),
    ("complaint", "申訴"),
    ("claim", "理賠"),
    ("policy", "保全"),
    ("sales", "投保諮詢"),
)


@dataclass(frozen=True)
class Founding:
    company: dict[str, str]
    office: dict[str, str]  # name, jurisdiction, place, address
    account: str
    name: str
    email: str
    password: str


@transaction.atomic
def found(founding: Founding, *, at: datetime | None = None) -> Staff:
    """The first hour: company, head office and first administrator, all or nothing.

    Raises IntegrityError when somebody else was first.
    """
    at = at or now()
    company = Company.objects.create(founded_at=at, **founding.company)
    branch = Branch.objects.create(code="head", **founding.office)
    team = Team.objects.create(code="head", name=branch.name, branch=branch)
    Skill.objects.bulk_create(Skill(code=code, name=name) for code, name in FIRST_SKILLS)
    admin = join(
        NewStaff(
            account=founding.account, name=founding.name, email=founding.email, post=Post.SP, team=team,
            joined_on=day_of(at), functions=(Function.ADMIN,),
        ),
        by=None, password=founding.password, at=at,
    )  # fmt: skip
    team.leader = admin
    team.save(update_fields=["leader"])
    record(CompanyFounded(subject=Ref("company", company.pk), actor=admin.ref), at=at)
    return admin


@transaction.atomic
def save_setting(thing: models.Model, *, by: Staff | None, changed: Sequence[str], at: datetime | None = None) -> None:
    """Save a row of the settings (company, office, team, skill) and record who changed what."""
    require(by is None or by.has(SETTINGS))
    _save(thing, by=by, changed=changed, at=at)


@transaction.atomic
def save_agent(agent: Agent, *, by: Staff | None, changed: Sequence[str], at: datetime | None = None) -> None:
    """Keep the register of agents: a new one, a changed name, the day somebody left."""
    require(by is None or by.has(KEEP_AGENTS))
    _save(agent, by=by, changed=changed, at=at)
    if agent.left_on is not None and "left_on" in changed:
        record(AgentLeft(subject=agent.ref, left_on=agent.left_on.isoformat(), **_doer(by)), at=at)


def record_setting(what: str, key: int, *, by: Staff, changed: Sequence[str], at: datetime | None = None) -> None:
    """For a setting that is not a row of its own: who changed what of it."""
    require(by is None or by.has(SETTINGS))
    record(SettingsChanged(subject=Ref(what, key), what=what, changed=sorted(changed), **_doer(by)), at=at)


def _save(thing: models.Model, *, by: Staff | None, changed: Sequence[str], at: datetime | None) -> None:
    thing.save()
    what = thing._meta.model_name
    record(SettingsChanged(subject=Ref(what, thing.pk), what=what, changed=sorted(changed), **_doer(by)), at=at)


def _doer(by: Staff | None) -> dict[str, Any]:
    return {**who(by), **(by.dims() if by else {})}


@transaction.atomic
def save_team(team: Team, *, by: Staff | None, changed: Sequence[str], at: datetime | None = None) -> None:
    """Save a team; a new leader is told by a fact about the leader."""
    save_setting(team, by=by, changed=changed, at=at)
    if team.leader and "leader" in changed:
        record(LeaderNamed(subject=team.leader.ref, leads=team.code, **who(by), **team.leader.dims()), at=at)


@transaction.atomic
def set_hours(branch: Branch, hours: Hours, *, by: Staff | None, at: datetime | None = None) -> None:
    """The hours of an office from `hours.from_on` on; those of earlier days stay as they were."""
    require(by is None or by.has(SETTINGS))
    OfficeHours.objects.filter(branch=branch, from_on=hours.from_on).delete()
    OfficeHours.objects.bulk_create(
        OfficeHours(branch=branch, from_on=hours.from_on, weekday=weekday, opens_minute=opens, closes_minute=closes)
        for weekday, windows in enumerate([*hours.weekly, hours.makeup])
        for opens, closes in windows
    )
    fact = HoursSet(
        subject=Ref("branch", branch.pk), place=branch.place, from_on=hours.from_on.isoformat(),
        jurisdiction=branch.jurisdiction, **_doer(by),
    )  # fmt: skip
    record(fact, at=at)


def office_outside(code: str, *, name: str, jurisdiction: str) -> Branch:
    """The office under which imported data of a source stand; made the first time."""
    found = Branch.objects.filter(code=code).first()
    if found is None:
        found = Branch(code=code, name=name, jurisdiction=jurisdiction)
        save_setting(found, by=None, changed=["code", "name", "jurisdiction"])
    return found
