"""What a customer may see of a case through its link."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import constant_time_compare

from shouxin.cases.models import Case
from shouxin.core.kept import kept
from shouxin.core.statements import stated
from shouxin.customers.models import ContactPoint
from shouxin.jurisdictions.packs import pack
from shouxin.people.models import Branch
from shouxin.policies.models import Policy
from shouxin.portal.models import LinkRenewal
from shouxin.portal.rules import Datum, datum_of, is_expired, secret_of


def present_nonce(case: Case) -> str:
    """The nonce of the link that counts now; empty for the first one."""
    found = _renewals.first(case=case.pk)
    return found[0] if found else ""


@stated
def _renewals(case):
    return LinkRenewal.objects.filter(case=case).order_by("-generation").values_list("nonce")[:1]


@kept("people_branch", "people_team")
def _own_offices() -> list[Branch]:
    offices = Branch.objects.filter(teams__isnull=False).distinct().order_by("id")
    return [office for office in offices if pack(office.jurisdiction).has_calendar]


def office_for(policy: Policy | None) -> Branch:
    """Where a request from the web comes in: the policy's office, else our first; never one of imported data."""
    own = _own_offices()
    return policy.branch if policy and policy.branch in own else own[0]


def case_by_link(number: str, secret: str, at: datetime) -> Case | None:
    """The case this link opens; None for a wrong, replaced or expired one, without saying which."""
    case = Case.objects.with_people().filter(number=number.upper()).first()
    if case is None or is_expired(case, at):
        return None
    return case if constant_time_compare(secret_of(case, present_nonce(case)), secret) else None


def asked_datum(case: Case) -> Datum:
    """The one thing a reader of the link is asked for before personal content is shown."""
    phone, email, birth = case.claimed_phone, case.claimed_email, ""
    if case.customer_id:
        points = ContactPoint.objects.filter(customer=case.customer_id, is_valid=True).order_by("is_preferred", "id")
        known = {point.kind: point.value for point in points}
        phone, email = phone or known.get("phone", ""), email or known.get("email", "")
        birth = f"{case.customer.birth_on:%Y%m%d}" if case.customer.birth_on else ""
    return datum_of(case, phone, email, birth)


def known_addresses(case: Case) -> set[str]:
    """The mail addresses a link may be sent to, in small letters."""
    found = {case.claimed_email.lower()} if case.claimed_email else set()
    if case.customer_id:
        points = ContactPoint.objects.filter(customer=case.customer_id, kind="email", is_valid=True)
        found |= {value.lower() for value in points.values_list("value", flat=True)}
    return found


@dataclass(frozen=True)
class Step:
    """One station of the way a case goes, as the customer sees it."""

    title: str
    detail: str
    state: str  # done | now | next
    at: datetime | None = None
