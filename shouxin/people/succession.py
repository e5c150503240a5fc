"""What somebody who leaves is for others: whose team they lead, for whom they stand in; and who comes after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.core.rights import require
from shouxin.people.actions import name_deputy, release_deputy, who
from shouxin.people.facts import LeaderNamed
from shouxin.people.models import Deputy, Post, Staff, Team
from shouxin.people.rules import MANAGE_STAFF, SETTINGS, may_name_deputy
from shouxin.record.recording import record


@dataclass(frozen=True)
class Duty:
    """A team to lead, or somebody to stand in for; who may take it, and who is proposed."""

    of: Team | Deputy
    able: list[Staff]
    to: Staff | None

    @property
    def field(self) -> str:
        return f"{'lead' if isinstance(self.of, Team) else 'deputy'}_{self.of.pk}"

    @property
    def label(self) -> str:
        if isinstance(self.of, Team):
            return _("Who leads %(name)s") % {"name": self.of.name}
        span = {"name": self.of.staff.name, "from": self.of.from_on, "until": self.of.until_on}
        return _("Who stands in for %(name)s, %(from)s to %(until)s") % span


def may_name_leader(by: Staff, team: Team) -> bool:
    """Who manages staff or settings; who leads it now; while nobody does, a team leader within the team."""
    if by.has(SETTINGS) or by.has(MANAGE_STAFF) or team.leader_id == by.pk:
        return True
    return team.leader_id is None and by.post == Post.TL and by.team_id == team.pk


def led_by(leaver: Staff) -> list[Team]:
    """Teams they lead; once they have left nobody leads these, and the own team is told by that."""
    left = Q(leader=None, pk=leaver.team_id or 0) if not leaver.is_active else Q(pk=0)
    return list(Team.objects.filter(Q(leader=leaver) | left).select_related("branch").order_by("pk"))


def stood_in_by(leaver: Staff, day: date) -> list[Deputy]:
    rows = Deputy.objects.filter(deputy=leaver, until_on__gte=day).exclude(staff__is_active=False)
    return list(rows.select_related("staff__team__leader").order_by("from_on", "pk"))


def duties_of(leaver: Staff, viewer: Staff, day: date) -> list[Duty]:
    """What this person may hand over for the leaver, each with a proposal."""
    able = Staff.objects.serving().filter(left_on=None).exclude(pk=leaver.pk).select_related("team")
    told = []
    for team in led_by(leaver):
        near = sorted(able.filter(team__branch=team.branch_id), key=lambda each: _fitness(each, team))
        if may_name_leader(viewer, team):
            told.append(Duty(team, near, near[0] if near and near[0].team_id == team.pk else None))
    for row in stood_in_by(leaver, day):
        team = row.staff.team
        near = sorted(able.exclude(pk=row.staff_id), key=lambda each: _fitness(each, team))
        if may_name_deputy(viewer, row.staff):
            told.append(Duty(row, near, near[0] if near and team and near[0].team_id == team.pk else None))
    return told


def _fitness(one: Staff, team: Team | None) -> tuple:
    """Of the team before others, team leaders before others, who is here longest before others."""
    return (not team or one.team_id != team.pk, one.post != Post.TL, one.joined_on, one.pk)


@transaction.atomic
def hand_over_duties(leaver: Staff, chosen: Mapping[str, Staff], *, by: Staff, at: datetime | None = None) -> int:
    """Leadership at once, standing in from the day after the last one; how many duties have somebody new.

    `chosen` names each duty by its field.
    """
    at, done = at or now(), 0
    for duty in duties_of(leaver, by, day_of(at)):
        if (to := chosen.get(duty.field)) is None:
            continue
        require(to in duty.able)
        if isinstance(duty.of, Team):
            _lead(duty.of, to, by=by, at=at)
        else:
            _stand_in(duty.of, leaver, to, by=by, at=at)
        done += 1
    return done


def _lead(team: Team, to: Staff, *, by: Staff, at: datetime) -> None:
    team = Team.objects.select_for_update(no_key=True, of=("self",)).get(pk=team.pk)
    team.leader = to
    team.save(update_fields=["leader"])
    record(LeaderNamed(subject=to.ref, leads=team.code, **who(by), **to.dims()), at=at)


def _stand_in(row: Deputy, leaver: Staff, to: Staff, *, by: Staff, at: datetime) -> None:
    """Until the last day the leaver still does; from then on somebody else."""
    staff, last, today = row.staff, row.until_on, day_of(at)
    begins = max(row.from_on, today)
    stays_until = min(leaver.left_on, last) if leaver.is_active and leaver.left_on else None
    release_deputy(row, by=by, at=at)
    if stays_until and stays_until >= begins:
        name_deputy(staff, by=by, deputy=leaver, from_on=begins, until_on=stays_until, at=at)
        begins = stays_until + timedelta(days=1)
    if begins <= last:
        name_deputy(staff, by=by, deputy=to, from_on=begins, until_on=last, at=at)
