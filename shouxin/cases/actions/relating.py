"""What a case has to do with others: its customer, its policy, other cases, tags, and what kind of request it is."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from shouxin.cases import rules
from shouxin.cases.actions.moving import about, add_words, locked, require_service, require_sight
from shouxin.cases.actions.promising import begin_anew, carry, follow, know_policy
from shouxin.cases.actions.queueing import requeue
from shouxin.cases.facts import CaseChanged, CaseLinked, CustomerLinked
from shouxin.cases.models import Case, CaseLink, CaseTag, Priority, Service, Tag
from shouxin.core.clock import now
from shouxin.core.guards import Refused
from shouxin.core.rights import require
from shouxin.customers.erasure import hold
from shouxin.customers.models import Customer
from shouxin.people.models import Staff
from shouxin.policies.models import Policy
from shouxin.record.recording import record


@transaction.atomic
def link_customer(case: Case, *, by: Staff, customer: Customer, reason: str, at: datetime | None = None) -> Case:
    """Say who asks, and how we know; a wrong link is set right the same way."""
    at, case = at or now(), locked(case)
    require(by.has(rules.LINK_CUSTOMER))
    require_sight(by, case)
    rules.check_reason(reason)
    hold(customer)
    former, case.customer = case.person, customer
    case.save(update_fields=["customer"])
    add_words(case, f"{customer.number} {customer.name}")
    record(CustomerLinked(**about(case, by), former=former), at=at, content={"reason": reason}, source=case.source)
    return case


@transaction.atomic
def link_policy(case: Case, *, by: Staff, policy: Policy, at: datetime | None = None) -> Case:
    """Say which policy the request is about."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    former = str(case.policy.ref) if case.policy_id else ""
    case.policy, case.product = policy, policy.product.code
    case.save(update_fields=["policy", "product"])
    add_words(case, policy.number)
    record(CaseChanged(**about(case, by), changed={"policy": [former, str(policy.ref)]}), at=at, source=case.source)
    know_policy(case, at=at, by=by)
    return case


@transaction.atomic
def change(
    case: Case, *, by: Staff, service: Service | None = None, priority: int | None = None,
    policy: Policy | None = None, at: datetime | None = None,
) -> Case:  # fmt: skip
    """Another kind of request or another policy than we thought, or more or less urgent; the queue follows."""
    at, case = at or now(), locked(case)
    require_service(by, case, at)
    if policy is not None and policy.pk != case.policy_id:
        link_policy(case, by=by, policy=policy, at=at)
        case = locked(case)
    changed: dict[str, list[str]] = {}
    if service is not None and service.pk != case.service_id:
        changed["service"] = [case.service_id, service.pk]
        case.service = service
    if priority is not None and priority != case.priority:
        changed["priority"] = [str(case.priority), str(Priority(priority))]
        case.priority = priority
    if changed:
        case.save(update_fields=["service", "priority"])
        if "service" in changed:
            begin_anew(case, events=case.service.opening_events, at=at, by=by)
            carry(case, at=at)
        follow(case)
        requeue(case)
        record(CaseChanged(**about(case, by), changed=changed), at=at, source=case.source)
    return case


@transaction.atomic
def link(
    case: Case, *, by: Staff | None, other: Case, kind: str = CaseLink.Kind.RELATED, at: datetime | None = None
) -> CaseLink:
    """Two cases belong together; said once, read from both. `by` None: the house found it by itself."""
    at = at or now()
    for each in (case, other) if by else ():
        require_sight(by, each)
    if case.pk == other.pk:
        raise Refused(_("A case cannot be linked to itself."))
    later, earlier = (case, other) if case.pk > other.pk else (other, case)
    made, is_new = CaseLink.objects.get_or_create(
        case=later, other=earlier, defaults={"kind": kind, "linked_at": at, "linked_by": by}
    )
    is_corrected = by is not None and not is_new and made.kind != kind
    if is_corrected:
        made.kind = kind
        made.save(update_fields=["kind"])
    if is_new or is_corrected:
        facts = [
            CaseLinked(**about(one, by), other=two.ref, link=str(made.kind))
            for one, two in ((case, other), (other, case))
        ]
        record(*facts, at=at, source=case.source)
    return made


@transaction.atomic
def unlink(case: Case, *, by: Staff, other: Case, at: datetime | None = None) -> None:
    """They do not belong together after all."""
    require_sight(by, case)
    later, earlier = (case, other) if case.pk > other.pk else (other, case)
    gone, _rows = CaseLink.objects.filter(case=later, other=earlier).delete()
    if gone:
        record(
            CaseLinked(**about(case, by), other=other.ref, link="none"),
            CaseLinked(**about(other, by), other=case.ref, link="none"),
            at=at or now(), source=case.source,
        )  # fmt: skip


@transaction.atomic
def tag(case: Case, *, by: Staff, name: str, at: datetime | None = None) -> Tag:
    """A word under which staff collect cases."""
    require_sight(by, case)
    if not (code := slugify(name.strip(), allow_unicode=True)[:40]):
        raise Refused(_("A tag needs a word."))
    found, _made = Tag.objects.get_or_create(code=code, defaults={"name": name.strip()[:40]})
    CaseTag.objects.get_or_create(case=case, tag=found, defaults={"tagged_at": at or now(), "tagged_by": by})
    return found


@transaction.atomic
def untag(case: Case, *, by: Staff, tag: Tag) -> None:
    """Take the word away again."""
    require_sight(by, case)
    CaseTag.objects.filter(case=case, tag=tag).delete()
