"""What ties customers: being one and the same, speaking for another, having agreed to something."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouxin.core.clock import day_of, now
from shouxin.core.guards import Refused
from shouxin.core.rights import require
from shouxin.customers.actions import refresh_words, who
from shouxin.customers.facts import (
    AuthorityRecorded,
    AuthorityRevoked,
    ConsentGiven,
    ConsentWithdrawn,
    CustomerMerged,
    CustomerParted,
)
from shouxin.customers.models import Consent, Customer, Representative
from shouxin.customers.rules import MERGE, RECORD_AUTHORITY, REGISTER
from shouxin.people.models import Staff
from shouxin.record.recording import record


@dataclass(frozen=True)
class Authority:
    """What the document says."""

    representative: Customer
    scope: str
    from_on: date
    until_on: date | None
    document: str


@transaction.atomic
def merge(customer: Customer, *, into: Customer, by: Staff, reason: str, at: datetime | None = None) -> Customer:
    """`customer` is the same as `into`: a pointer is set, no row is moved, and it can be taken back.

    Raises Refused when one of them is merged already, or when their identity numbers differ.
    """
    require(by.has(MERGE))
    customer, into = _both(customer, into)
    if customer == into or customer.merged_into_id or into.merged_into_id:
        raise Refused(_("One of the two has already been merged. Open the customer that was kept and merge there."))
    if customer.id_number and into.id_number and customer.id_number != into.id_number:
        raise Refused(
            _("The identity numbers differ, so these are two different people. If a number is wrong, correct it first.")
        )
    customer.merged_into = into
    customer.save(update_fields=["merged_into"])
    refresh_words(into)
    fact = CustomerMerged(subject=customer.ref, person=customer.ref, into=into.ref, **who(by))
    record(fact, at=at, content={"reason": reason})
    return into


@transaction.atomic
def part(customer: Customer, *, by: Staff, reason: str, at: datetime | None = None) -> Customer:
    """The merger was a mistake: the pointer is taken back and each stands for itself again."""
    require(by.has(MERGE))
    if customer.merged_into is None:
        raise Refused(_("This customer has not been merged."))
    customer, into = _both(customer, customer.merged_into)
    customer.merged_into = None
    customer.save(update_fields=["merged_into"])
    refresh_words(customer)
    refresh_words(into)
    fact = CustomerParted(subject=customer.ref, person=customer.ref, parted_from=into.ref, **who(by))
    record(fact, at=at, content={"reason": reason})
    return customer


def _both(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Both rows locked, the lower id first."""
    rows = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[one.pk, other.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[one.pk], found[other.pk]


@transaction.atomic
def record_authority(
    customer: Customer, authority: Authority, *, by: Staff, at: datetime | None = None
) -> Representative:
    """委任: somebody may speak for the customer, for this, in this span, by this document."""
    require(by.has(RECORD_AUTHORITY))
    row = customer.representatives.create(**vars(authority), recorded_by=by)
    until = authority.until_on.isoformat() if authority.until_on else ""
    fact = AuthorityRecorded(
        subject=customer.ref, person=customer.ref, representative=authority.representative.ref, scope=authority.scope,
        from_on=authority.from_on.isoformat(), until_on=until, **who(by),
    )  # fmt: skip
    record(fact, at=at)
    return row


@transaction.atomic
def revoke_authority(row: Representative, *, by: Staff, reason: str, at: datetime | None = None) -> None:
    """The authority holds no longer, from today on."""
    require(by.has(RECORD_AUTHORITY))
    at = at or now()
    Representative.objects.filter(pk=row.pk, revoked_on=None).update(revoked_on=day_of(at))
    ref = row.customer.ref
    fact = AuthorityRevoked(subject=ref, person=ref, representative=row.representative.ref, scope=row.scope, **who(by))
    record(fact, at=at, content={"reason": reason})


@transaction.atomic
def give_consent(
    customer: Customer, *, purpose: str, channel: str, by: Staff | None, at: datetime | None = None
) -> None:
    """The customer agrees; a standing consent stays as it is."""
    require(by is None or by.has(REGISTER))
    at = at or now()
    _row, is_new = Consent.objects.get_or_create(
        customer=customer, purpose=purpose, withdrawn_at=None, defaults={"given_at": at, "channel": channel}
    )
    if is_new:
        fact = ConsentGiven(subject=customer.ref, person=customer.ref, purpose=purpose, channel=channel, **who(by))
        record(fact, at=at)


@transaction.atomic
def withdraw_consent(customer: Customer, *, purpose: str, by: Staff | None, at: datetime | None = None) -> None:
    """The customer takes a consent back; the row says until when it held."""
    require(by is None or by.has(REGISTER))
    at = at or now()
    if Consent.objects.filter(customer=customer, purpose=purpose, withdrawn_at=None).update(withdrawn_at=at):
        record(ConsentWithdrawn(subject=customer.ref, person=customer.ref, purpose=purpose, **who(by)), at=at)
