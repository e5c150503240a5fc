"""What lies with somebody: the open cases of a customer or of an officer, each with the clock that presses most."""

from dataclasses import dataclass
from typing import Any

from shouxin.cases.models import Case
from shouxin.cases.queries import LATEST_CLOSED_FIRST, SOONEST_FIRST, visible_to
from shouxin.core.audience import Audience
from shouxin.core.clock import now
from shouxin.customers.models import Customer
from shouxin.customers.queries import known_as
from shouxin.people.models import Staff
from shouxin.promises.clocks import Clock
from shouxin.promises.queries import nearest_clocks

MOST, MOST_CLOSED = 20, 5


@dataclass(frozen=True)
class Lying:
    """Open cases with their clocks, how many there are in all, and the last few that were closed."""

    open: list[tuple[Case, Clock | None]]
    count: int
    closed: list[Case]


def of_customer(customer: Customer, viewer: Staff) -> Lying:
    """Under any of the customer's numbers, as far as this person may see them."""
    return _lying(viewer, customer__in=known_as(customer))


def of_officer(officer: Staff, viewer: Staff) -> Lying:
    return _lying(viewer, officer=officer)


def _lying(viewer: Staff, **whose: Any) -> Lying:
    theirs = visible_to(viewer).filter(**whose)
    found = list(theirs.open().for_lists().order_by(*SOONEST_FIRST)[:MOST])
    clocks = nearest_clocks([case.ref for case in found], at=now(), audience=Audience.STAFF) if found else {}
    count = len(found) if len(found) < MOST else theirs.open().count()
    closed = theirs.closed().for_lists().order_by(*LATEST_CLOSED_FIRST)[:MOST_CLOSED]
    return Lying([(case, clocks.get(str(case.ref))) for case in found], count, list(closed))
