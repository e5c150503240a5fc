"""Terms about policies, whether or not there is a case: the agent left, the policy was delivered, cover ends.

Looked up in the mirror every night, and when somebody records that an agent left or a policy was delivered. What counts
backwards from the end of the cover is promised ahead. The subject of these promises is the policy.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from shouxin.core.clock import day_of
from shouxin.core.refs import Ref
from shouxin.jurisdictions.packs import COMPANY
from shouxin.jurisdictions.queries import calendar_of
from shouxin.jurisdictions.standards import in_force
from shouxin.people.queries import company
from shouxin.policies.lines import scopes_of
from shouxin.policies.models import Policy, PolicyRole
from shouxin.promises.choosing import rules_of_policy
from shouxin.promises.making import Making, make_many
from shouxin.promises.models import Promise

# How far back an event still begins something that was missed, and how far ahead the end of cover is looked for.
BACK, AHEAD = timedelta(days=40), timedelta(days=60)
CHUNK = 500
Happened = tuple[Policy, str, date]


def promise_about_policies(at: datetime) -> int:
    """Promise what began with what happened to policies, each once; how many were made. Safe to run twice."""
    made, waiting = 0, []
    for happened in _happened(at):
        waiting.append(happened)
        if len(waiting) == CHUNK:
            made, waiting = made + _promise(waiting, at), []
    return made + _promise(waiting, at)


def _happened(at: datetime) -> Iterator[Happened]:
    """What happened lately, and which cover ends soon; never before the company began to use this system."""
    house, today = company(), day_of(at)
    since = max(today - BACK, day_of(house.founded_at) if house else today)
    served = _policies().filter(state__in=[Policy.State.IN_FORCE, Policy.State.GRACE, Policy.State.PAID_UP])
    for policy in served.filter(agent__left_on__range=(since, today)).iterator(CHUNK):
        yield policy, "agent_left", policy.agent.left_on
    for policy in served.filter(delivered_on__range=(since, today)).iterator(CHUNK):
        yield policy, "policy_delivered", policy.delivered_on
    for policy in served.filter(ends_on__range=(today, today + AHEAD)).iterator(CHUNK):
        yield policy, "cover_ends", policy.ends_on


def _policies() -> QuerySet[Policy]:
    return Policy.objects.exclude(branch=None).select_related("product", "branch", "agent").order_by("pk")


def _promise(happened: list[Happened], at: datetime) -> int:
    refs = [str(policy.ref) for policy, _event, _day in happened]
    known = set(Promise.objects.filter(subject__in=refs).values_list("subject", "rule"))
    roles = PolicyRole.objects.filter(policy__in=[each[0].pk for each in happened], role=PolicyRole.Role.HOLDER)
    holders = dict(roles.values_list("policy_id", "customer_id"))
    makings = [
        making
        for policy, event, day in happened
        for making in _makings(policy, event, day, at, holders.get(policy.pk))
        if (str(policy.ref), making.rule.id) not in known
    ]
    return len(make_many(makings))


def _makings(policy: Policy, event: str, day: date, at: datetime, holder: int | None) -> Iterator[Making]:
    """One for each rule; what should have been done before anybody could know of it is not promised."""
    branch = policy.branch
    calendar = calendar_of(branch.calendar_key)
    start_at = calendar.start_of(day)
    for rule in rules_of_policy(branch.jurisdiction, event, day, scopes_of(policy), in_force(COMPANY)):
        if not rule.is_backward or rule.due(start_at, calendar) > at:
            yield Making(
                rule=rule, subject=policy.ref, start_at=start_at, begun_by=event, calendar_key=branch.calendar_key,
                person=Ref("customer", holder) if holder else None, made_at=at if rule.is_backward else None,
                dims={"branch": branch.code, "product": policy.product.code, "jurisdiction": branch.jurisdiction},
            )  # fmt: skip
