"""Whoever leaves leaves open cases behind: which they are, and who could go on with each."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shouxin.cases.choices import at_a_desk, open_with
from shouxin.cases.models import Case
from shouxin.cases.queries import visible_to
from shouxin.cases.rights import DIRECT
from shouxin.people.models import Staff, StaffSkill
from shouxin.people.succession import led_by, stood_in_by

MOST = 300  # proposed at once; the others come after these


@dataclass(frozen=True)
class Proposed:
    """One case, and who is proposed for it; nobody where no colleague of the team or office can."""

    case: Case
    to: Staff | None


def left_behind(viewer: Staff) -> QuerySet[Case]:
    """Open cases of people who have left or have a last day, which this team leader may hand over."""
    if not viewer.has(DIRECT) or viewer.team_id is None:
        return Case.objects.none()
    gone = Q(officer__is_active=False) | Q(officer__left_on__isnull=False)
    return visible_to(viewer).open().filter(gone, team=viewer.team_id)


def leavers(viewer: Staff) -> list[tuple[Staff, int]]:
    """Who left open cases behind, and how many."""
    counts = Counter(left_behind(viewer).values_list("officer", flat=True))
    people = Staff.objects.in_bulk(counts)
    return sorted(((people[key], count) for key, count in counts.items()), key=lambda pair: pair[0].name_sort)


def cases_of(leaver: Staff, viewer: Staff) -> list[Case]:
    """The cases this leader hands over, the most pressing first."""
    held = left_behind(viewer).filter(officer=leaver).select_related("team__branch", "branch")
    return [case for case in held.order_by("due_at", "pk")[:MOST] if not case.keeps_out(viewer)]


def receivers(leaver: Staff) -> list[Staff]:
    """Colleagues of the team, and behind them those of the office, who handle cases and stay."""
    team = leaver.team_id
    office = at_a_desk().filter(left_on=None).exclude(pk=leaver.pk)
    near = office.filter(team__branch=leaver.team.branch_id) if team else office
    return sorted(near.select_related("team"), key=lambda each: (each.team_id != team, each.name_sort, each.pk))


def proposed(leaver: Staff, viewer: Staff) -> list[Proposed]:
    """For each case the colleague with its skill and the fewest open cases, of the same team where there is one."""
    able = receivers(leaver)
    skills = set(StaffSkill.objects.filter(staff__in=able).values_list("staff", "skill__code"))
    load = open_with(able)
    plan = []
    for case in cases_of(leaver, viewer):
        fit = [each for each in able if not case.keeps_out(each)]
        to = min(
            fit, default=None,
            key=lambda each: (
                (each.pk, case.service.skill) not in skills, each.team_id != leaver.team_id, load[each.pk], each.pk,
            ),
        )  # fmt: skip
        if to is not None:
            load[to.pk] += 1
        plan.append(Proposed(case, to))
    return plan


def remains(leaver: Staff, day: date) -> dict[str, object]:
    """What else hangs on somebody who leaves: teams without a leader, and whom they stand in for."""
    return {
        "cases": Case.objects.open().filter(officer=leaver).count(),
        "teams": led_by(leaver),
        "stands_in_for": stood_in_by(leaver, day),
    }
