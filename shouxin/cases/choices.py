"""What the lists of a form offer, in groups: services by kind, colleagues by team with what lies with each."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shouxin.cases.models import Case, Service, Stage
from shouxin.cases.rights import SERVE
from shouxin.people.models import Post, Staff, StaffSkill

Grouped = list[tuple[str, list[tuple[Any, str]]]]


def services_by_kind(services: Iterable[Service], by: Staff | None = None) -> Grouped:
    """Each service once: those that are usual for this person's post first, then by what they are about."""
    groups: dict[str, list[tuple[str, str]]] = {"post": [], "complaint": [], "claim": []}
    groups |= {stage: [] for stage in (Stage.AFTER, Stage.IN, Stage.PRE)}
    for each in services:
        kind = "post" if by and by.post in each.posts else each.skill if each.skill in groups else each.stage
        groups[kind].append((each.pk, f"{each.pk} {each.label}"))
    names = {
        "post": _("Usual for: %(post)s") % {"post": by.get_post_display()} if by else "",
        "complaint": _("Complaints and disputes"), "claim": _("Claims"),
    }  # fmt: skip
    return [(str(names.get(kind) or Stage(kind).label), found) for kind, found in groups.items() if found]


def at_a_desk() -> QuerySet[Staff]:
    """Who can be given a case: they serve customers. Planning, HR, compliance and administration only with a skill."""
    skilled = Q(pk__in=StaffSkill.objects.values("staff"))
    serving = Staff.objects.serving().filter(post__in=SERVE.posts)
    return serving.filter(skilled | (Q(functions=[]) & ~Q(post=Post.SP)))


def open_with(staff: Iterable[Staff]) -> Counter[int]:
    """How many open cases lie with each of these."""
    return Counter(
        Case.objects.open().filter(officer__in=[each.pk for each in staff]).values_list("officer", flat=True)
    )


def staff_by_team(staff: Iterable[Staff], *, first: int | None, load: Counter[int]) -> Grouped:
    """Colleagues with how many open cases each has, in the order given; the team `first` stands first."""
    groups: dict[tuple[bool, str], list[tuple[str, str]]] = {}
    for each in staff:
        told = {"name": each.name, "count": load[each.pk]}
        team = (each.team_id != first, str(each.team or _("Without a team")))
        groups.setdefault(team, []).append((str(each.pk), _("%(name)s (%(count)s open)") % told))
    return [(name, groups[is_other, name]) for is_other, name in sorted(groups)]
