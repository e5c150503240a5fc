"""Cases as they are looked for: everything begins with who looks."""

from datetime import date

from django.db.models import Q

from shouxin.cases.models import Case
from shouxin.cases.models.case import CaseQuerySet
from shouxin.cases.rights import BRANCH_POSTS, SEE
from shouxin.people.models import Deputy, Staff


def visible_to(staff: Staff) -> CaseQuerySet:
    """The cases this person may see. `rules.may_see` says the same of one case."""
    if not staff.has(SEE):
        return Case.objects.none()
    if staff.post not in BRANCH_POSTS or staff.is_function("compliance"):
        return Case.objects.all()
    mine = Q(officer=staff)
    if staff.team_id:
        mine |= Q(branch=staff.team.branch_id) | Q(team=staff.team_id)
    return Case.objects.filter(mine)


def stands_in(staff: Staff, case: Case, day: date) -> bool:
    """Whether this person is deputy of the case's officer on this day."""
    return case.officer_id is not None and (
        Deputy.objects.filter(staff=case.officer_id, deputy=staff, from_on__lte=day, until_on__gte=day).exists()
    )
